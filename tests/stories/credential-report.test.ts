import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreatePullThroughCacheRuleCommand, ECRClient } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Outcome } from '@tenant-delivery/action-kit/main';
import { readInputs } from '@tenant-delivery/action-kit/readers';
import { ambientVault } from '@tenant-delivery/aws/s3/ambient-vault';
import { startSession } from '@tenant-delivery/aws/session/session';
import type { Report } from '@tenant-delivery/credentials/report/row';
import { localKeys, templateContract } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { DAY } from '@tenant-delivery/domain';
import { seedAccessKey, seedUser } from '@tenant-delivery/local-aws/services/iam';
import { seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { type LocalGithub, startLocalGithub } from '@tenant-delivery/local-github';
import { commitFiles, createGitRepository } from '@tenant-delivery/local-github/git/write';
import { addApp, installApp } from '@tenant-delivery/local-github/world/app';
import { deployKeysOf } from '@tenant-delivery/local-github/world/deploy-key';
import { createJob, startJob } from '@tenant-delivery/local-github/world/job';
import type { Repository } from '@tenant-delivery/local-github/world/repository';
import { createRun } from '@tenant-delivery/local-github/world/run';
import { inputs } from '@tenant-delivery/report-credentials/inputs';
import { run } from '@tenant-delivery/report-credentials/run';
import { openWorld } from '@tenant-delivery/report-credentials/world';
import { publishContract } from '@tenant-delivery/tenancy/publish';
import { cutTo, sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { sarifMistakes } from '@tenant-delivery/testkit/published-schemas';
import { acmeSandbox, ORDERS, type Sandbox } from '../stage/a-job.ts';
import { seedRolesFor } from '../stage/rotating-roles.ts';
import { changesIn, recordsIn } from '../stage/stage.ts';

const { tenant, environment, account, region } = ORDERS;
const ROOT = join(import.meta.dirname, '../..');
const JOB = {
  sub: 'repo:OWNER/tenant-operations:ref:refs/heads/main',
  repository: 'OWNER/tenant-operations',
  repository_id: '700002',
  repository_owner_id: '700000',
  job_workflow_ref: 'OWNER/tenant-delivery/.github/workflows/credential-report.yml@refs/tags/v0.1.0',
};
const WORKFLOW = {
  name: 'credential-report',
  path: '.github/workflows/credential-report.yml',
  repository: 'OWNER/tenant-delivery',
  ref: 'refs/heads/main',
};

let sandbox: Sandbox;
let github: LocalGithub;
let operations: Repository;
let docs: Repository;
let first = '';

/** acme's contract with a credential of each kind that has an age outside of the vault, and what it names at AWS and GitHub. */
beforeAll(async () => {
  sandbox = await acmeSandbox(10);
  const { world, clock } = sandbox.aws;
  const user = seedUser(world, account, { name: 'acme-ci', path: '/td-rotatable/' });
  seedAccessKey(world, account, user, 61 * DAY);
  seedUser(world, account, { name: 'forgotten', path: '/td-rotatable/' });
  seedUser(world, account, { name: 'other', path: '/td-rotatable/', tags: { environment: 'staging' } });
  seedUser(world, account, { name: 'admin' });

  github = await startLocalGithub({ clock });
  const [owner = '', name = ''] = JOB.repository.split('/');
  operations = await repository(owner, 700000, name, 700002);
  docs = await repository('acme', 123456, 'docs', 456791);
  const permissions = { administration: 'write' } as const;
  const { app, privateKey } = addApp(github.world, { id: 77, slug: 'rotator', owner: 'acme', permissions });
  installApp(github.world, app, { account: 'acme' });
  for (const name of [
    'td/rotation/acme-ci',
    'td/rotation/docs',
    'td/rotation/forgotten',
    'td/prod/orders-db',
  ])
    seedSecret(world, account, region, { name, value: '{}' });
  seedSecret(world, account, region, { name: 'td/rotation/github-app', value: privateKey });
  const token = JSON.stringify({ username: 'u', accessToken: 't' });
  const { arn } = seedSecret(world, account, region, { name: 'ecr-pullthroughcache/hub', value: token });
  process.env['AWS_ACCESS_KEY_ID'] = sandbox.operator.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = sandbox.operator.secretAccessKey;
  await new ECRClient({ region, endpoint: sandbox.aws.url }).send(
    new CreatePullThroughCacheRuleCommand({
      ecrRepositoryPrefix: 'hub',
      upstreamRegistryUrl: 'registry-1.docker.io',
      credentialArn: arn,
    }),
  );

  const { signers, trust } = localKeys();
  const keys = trust.keys.filter(({ duty }) => duty === 'contract');
  await writeFile(sandbox.env['TENANT_DELIVERY_LOCAL_TRUST'] ?? '', JSON.stringify({ ...trust, keys }));
  const contract = cutTo(templateContract('acme'), 'prod');
  contract.environments['prod']?.credentials?.push(
    { id: 'orders-db', kind: 'secrets-manager', secret: 'td/prod/orders-db', strategy: 'provider-set' },
    { id: 'hub', kind: 'pull-through', secret: 'ecr-pullthroughcache/hub', prefix: 'hub' },
    {
      id: 'docs',
      kind: 'github-deploy-key',
      repository: 'acme/docs',
      escrow: 'td/rotation/docs',
      consumers: [{ kind: 'external', name: 'hq', cadenceHours: 24 }],
    },
  );
  await seedRolesFor(sandbox.aws, contract.environments['prod']?.credentials ?? []);
  const sealed = await sealContract(contract, signers.contract);
  await publishContract(ambientVault(ORDERS), sealed, trust, { ...ORDERS, at: clock.now() });
});
afterAll(async () => {
  await github.close();
  await sandbox.close();
});

async function repository(owner: string, ownerId: number, name: string, id: number): Promise<Repository> {
  const path = join(sandbox.folder, `${name}.git`);
  await createGitRepository(path);
  const author = { name: 'Ana', email: 'ana@example.com' };
  const files = { 'README.md': name };
  first = await commitFiles(path, { branch: 'main', files, message: 'Begin\n', author });
  return github.addRepository({ owner, ownerId, name, id, path });
}

/** GITHUB_TOKEN of a job of the operations repository that may write issues. */
function jobToken(): string {
  const workflow = { ...WORKFLOW, sha: first };
  const given = {
    workflow,
    event: 'schedule',
    ref: 'refs/heads/main',
    sha: first,
    actor: JOB.repository.split('/')[0] ?? '',
  } as const;
  const run = createRun(github.world, operations, given);
  const job = createJob(github.world, run, { name: 'report', permissions: { issues: 'write' }, workflow });
  return startJob(github.world, job).githubToken;
}

/** The action with everything that it opens by itself. */
async function reported(): Promise<{
  readonly outcome: Outcome;
  readonly report: Report;
  readonly sarif: string;
}> {
  const runner = fakeRunner({
    idToken: sandbox.runner(JOB).idToken,
    context: { apiUrl: github.apiUrl, repository: JOB.repository, temp: sandbox.folder },
    inputs: {
      tenant,
      environment,
      account,
      region,
      'github-token': jobToken(),
    },
  });
  const given = readInputs(runner, inputs);
  const env = { ...sandbox.env };
  const { opened } = await startSession(runner, env, given, ['report']);
  const outcome = await run(given, await openWorld(runner, env, given, await opened));
  const [document = '', sarif = ''] = ['report-file', 'sarif-file'].map((output) =>
    readFileSync(runner.outputs[output] ?? '', 'utf8'),
  );
  const { credentials, ...place } = JSON.parse(document);
  return { outcome, report: { ...place, rows: credentials }, sarif };
}

const statesOf = ({ rows }: Report) => Object.fromEntries(rows.map(({ id, state }) => [id, state]));

test('a report has a row for each credential of the contract and each that nobody agreed on, and changes nothing', async () => {
  const from = sandbox.aws.calls.length;
  const { outcome, report, sarif } = await reported();
  expect(statesOf(report)).toEqual({
    'ci-legacy': 'due',
    docs: 'hold',
    hub: 'ok',
    'orders-db': 'ok',
    'secret td/rotation/forgotten': 'unmanaged',
    'user td-rotatable/forgotten': 'unmanaged',
  });
  expect(report.elsewhere).toBe(1);
  expect(outcome).toMatchObject({ outcome: 'found', reasonCode: 'CREDENTIAL_HELD', ok: false });
  expect(sarifMistakes(sarif)).toEqual([]);
  expect(sarifMistakes(sarif.replace('"level":"error"', '"level":"bad"'))).not.toEqual([]);
  expect(operations.issues).toMatchObject([{ title: expect.stringContaining('docs'), state: 'open' }]);
  const calls = sandbox.aws.calls.slice(from);
  expect([changesIn(calls), recordsIn(calls)]).toEqual([[], []]);
});

test('what was held is closed once it is mended, and what AWS refuses to tell is unknown', async () => {
  const key = { id: 9, key: 'ssh-ed25519 AAAA', title: 'td-rotation/docs/0001', readOnly: true };
  const more = {
    createdAt: sandbox.aws.clock.now() - DAY,
    addedBy: 'rotator[bot]',
    lastUsedAt: null,
    enabled: true,
  };
  deployKeysOf(github.world, docs).push({ ...key, ...more });
  sandbox.aws.fail({
    service: 'secretsmanager',
    operation: 'ListSecretVersionIds',
    nth: 1,
    times: 1,
    kind: 'denied',
  });
  const { outcome, report } = await reported();
  expect(report.rows.filter(({ state }) => state === 'unknown').map(({ id }) => id)).toHaveLength(1);
  expect(statesOf(report)['docs']).toBe('ok');
  expect(outcome).toMatchObject({ outcome: 'found', reasonCode: 'CREDENTIAL_UNKNOWN', ok: false });
  expect(operations.issues).toMatchObject([{ state: 'closed' }]);
});

test('its role may do what it did, who made a key that nobody knows, and nothing else', () => {
  expect(sandbox.aws.denied()).toEqual([]);
  const granted = ['report', 'github-app'].flatMap((name) => {
    const file = join(ROOT, `templates/iam/permissions/${name}.json`);
    const { Statement } = JSON.parse(readFileSync(file, 'utf8')) as {
      Statement: readonly { Action: string | string[] }[];
    }; // our own file
    return Statement.flatMap(({ Action }) => Action);
  });
  const done = new Set(
    sandbox.aws.decisions
      .filter(({ principal }) => principal.arn.includes(':assumed-role/td-prod-report/'))
      .map(({ ask }) => ask.action),
  );
  expect(granted.filter((action) => !done.has(action))).toEqual(['cloudtrail:LookupEvents']);
});
