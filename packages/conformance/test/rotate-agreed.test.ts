import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ambientVault } from '@tenant-delivery/aws/ambient-vault';
import { actionOf } from '@tenant-delivery/local-aws/iam/ungranted';
import { seedAccessKey, seedUser, usersOf } from '@tenant-delivery/local-aws/services/iam';
import { bucketsOf } from '@tenant-delivery/local-aws/services/s3';
import { seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { type LocalGithub, startLocalGithub } from '@tenant-delivery/local-github';
import { commitFiles, createGitRepository } from '@tenant-delivery/local-github/git/write';
import { addApp, installApp } from '@tenant-delivery/local-github/world/app';
import { createJob, finishJob } from '@tenant-delivery/local-github/world/job';
import type { Repository } from '@tenant-delivery/local-github/world/repository';
import { finishRun } from '@tenant-delivery/local-github/world/run';
import { storeOf } from '@tenant-delivery/local-github/world/secret-store';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { cutTo, publishContract, sealContract } from '@tenant-delivery/tenancy';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { localKeys, templateContract } from '@tenant-delivery/testkit/in-memory-delivery';
import { readRotateInputs } from '../../../actions/rotate-access/src/inputs.ts';
import { run } from '../../../actions/rotate-access/src/run.ts';
import { openRotation } from '../../../actions/rotate-access/src/world.ts';
import { acmeSandbox, keyInKms, ORDERS, type Sandbox } from './a-job.ts';
import { changesIn, recordsIn } from './stage.ts';

const { account, region } = ORDERS;
const HOUR = 3_600_000; // milliseconds
const ROOT = join(import.meta.dirname, '../../..');
const JOB = {
  sub: 'repo:OWNER/tenant-operations:environment:acme-prod',
  repository: 'OWNER/tenant-operations',
  repository_id: '700002',
  repository_owner_id: '700000',
  environment: 'acme-prod',
  job_workflow_ref: 'OWNER/tenant-delivery/.github/workflows/rotate-access.yml@refs/tags/v0.1.0',
};

let sandbox: Sandbox;
let github: LocalGithub;
let legacy: Repository;

/** acme's contract as the template has it, what it names in AWS, and the repository that reads the key. */
beforeAll(async () => {
  sandbox = await acmeSandbox(10);
  const { world, clock } = sandbox.aws;
  const user = seedUser(world, account, { name: 'acme-ci', path: '/td-rotatable/' });
  const old = seedAccessKey(world, account, user, 61 * 24 * HOUR);
  seedSecret(world, account, region, { name: 'td/rotation/acme-ci', value: JSON.stringify(old) });

  github = await startLocalGithub({ clock });
  const path = join(sandbox.folder, 'legacy.git');
  await createGitRepository(path);
  const workflow = readFileSync(join(ROOT, 'templates/workflow-templates/verify-slot.yml'), 'utf8');
  const files = { '.github/workflows/verify-slot.yml': workflow };
  const author = { name: 'Ana', email: 'ana@example.com' };
  await commitFiles(path, { branch: 'main', files, message: 'Begin\n', author });
  legacy = github.addRepository({ owner: 'acme', ownerId: 123456, name: 'legacy', id: 456790, path });
  const permissions = { secrets: 'write', actions_variables: 'write', actions: 'write' } as const;
  const { app, privateKey } = addApp(github.world, { id: 77, slug: 'rotator', owner: 'acme', permissions });
  installApp(github.world, app, { account: 'acme' });
  seedSecret(world, account, region, { name: 'td/rotation/github-app', value: privateKey });

  const { signers, trust } = localKeys();
  const keys = trust.keys.filter(({ duty }) => duty === 'contract');
  const file = sandbox.env['TENANT_DELIVERY_LOCAL_TRUST'] ?? '';
  await writeFile(file, JSON.stringify({ ...trust, keys: [...keys, keyInKms(sandbox.aws, 'rotate')] }));
  process.env['AWS_ACCESS_KEY_ID'] = sandbox.operator.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = sandbox.operator.secretAccessKey;
  const sealed = await sealContract(cutTo(templateContract('acme'), 'prod'), signers.contract);
  await publishContract(ambientVault(ORDERS), sealed, trust, { ...ORDERS, at: clock.now() });
});
afterAll(async () => {
  await github.close();
  await sandbox.close();
});

/** The action with everything that it opens by itself: sessions by the job's token, the contract, the App, the vault. */
async function rotated(inputs: Readonly<Record<string, string>>) {
  const { tenant, environment } = ORDERS;
  const runner = fakeRunner({
    idToken: sandbox.runner(JOB).idToken,
    context: { apiUrl: github.apiUrl },
    inputs: {
      contract: 'signed',
      mode: 'run',
      tenant,
      environment,
      account,
      region,
      credential: 'ci-legacy',
      ...inputs,
    },
  });
  const [from, asked] = [sandbox.aws.calls.length, github.calls.length];
  const outcome = await run(await openRotation(runner, { ...sandbox.env }, readRotateInputs(runner)));
  const writes = github.calls.slice(asked).filter(({ method }) => method !== 'GET');
  return { outcome, runner, calls: sandbox.aws.calls.slice(from), writes };
}

/** What is in a secret of the repository, opened. */
function secretIn(name: string): string | undefined {
  const { secrets } = storeOf(github.world, { kind: 'repository', repository: legacy });
  return [...secrets.values()].find((secret) => secret.name === name)?.value;
}

/** Runs of verify-slot.yml end at once, each with the fingerprint of the key that it finds in the first slot. */
function answering(): () => void {
  const timer = setInterval(() => {
    for (const asked of legacy.runs.filter(({ conclusion }) => conclusion === null)) {
      const name = `used-key ${fingerprintOf(account, secretIn('AWS_KEY_ID_A') ?? '')}`;
      const job = createJob(github.world, asked, { name, permissions: {}, workflow: asked.workflow });
      finishJob(github.world, job, { conclusion: 'success' });
      finishRun(github.world, asked, 'success');
    }
  }, 20);
  return () => clearInterval(timer);
}

const journal = () =>
  Object.keys(bucketsOf(sandbox.aws.world)[`td-vault-acme-prod-${account}`]?.objects ?? {}).filter((key) =>
    key.startsWith('rotation/'),
  );

test('rotate-access rotates what the signed contract names, and a dry run of it changes nothing', async () => {
  const planned = await rotated({ mode: 'dry-run' });
  expect(planned.outcome).toMatchObject({ outcome: 'planned', reasonCode: 'OK' });
  expect([changesIn(planned.calls), recordsIn(planned.calls), journal()]).toEqual([[], [], []]);
  expect(planned.writes.map(({ path }) => path)).toEqual([expect.stringMatching(/access_tokens$/)]);

  const stop = answering();
  const begun = await rotated({}).finally(stop);
  expect(begun.outcome).toMatchObject({ outcome: 'in-progress', ok: true });
  expect(begun.outcome.headline).toContain('external:hq has not yet shown that it has the key');
  expect(usersOf(sandbox.aws.world, account)['acme-ci']?.keys).toHaveLength(2);
  expect(
    usersOf(sandbox.aws.world, account)['acme-ci']?.keys.map(({ accessKeyId }) => accessKeyId),
  ).toContain(secretIn('AWS_KEY_ID_A'));
  expect(journal()[0]).toBe('rotation/ci-legacy/0001/0000.json');
});

test('its role may do what it did, what later runs of a rotation do, and nothing else', () => {
  expect(sandbox.aws.ungranted()).toEqual([]);
  const file = join(ROOT, 'templates/iam/permissions/rotate.json');
  const { Statement } = JSON.parse(readFileSync(file, 'utf8')) as {
    Statement: readonly { Action: string | string[] }[];
  }; // our own file
  const granted = Statement.flatMap(({ Action }) => Action).toSorted();
  const done = new Set(
    sandbox.aws.calls
      .filter(({ principal }) => principal?.includes(':assumed-role/td-prod-rotate/'))
      .map(({ service, operation }) => actionOf(service, operation)),
  );
  expect(granted.filter((action) => !done.has(action))).toEqual([
    'cloudtrail:LookupEvents', // who made a key that nobody knows, and who still uses the old one
    'iam:DeleteAccessKey',
    'iam:UpdateAccessKey',
    'secretsmanager:UpdateSecretVersionStage', // the cut-over
  ]);
});
