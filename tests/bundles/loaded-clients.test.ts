import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { DAY } from '@tenant-delivery/domain';
import { ecsStore } from '@tenant-delivery/local-aws/ecs/store';
import { copyImage, ecrState } from '@tenant-delivery/local-aws/services/ecr';
import { seedAccessKey, seedUser } from '@tenant-delivery/local-aws/services/iam';
import { putBucket } from '@tenant-delivery/local-aws/services/s3';
import { seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { bootAction } from '@tenant-delivery/local-platform/boot-action';
import { actionFile } from '../rules/workflow-files.ts';
import { acmeSandbox, ORDERS, type Sandbox } from '../stage/a-job.ts';

const { account, region } = ORDERS;
const SEARCH = /AWS_CONTAINER_CREDENTIALS|credential_process/;
/** What GitHub's client calls itself. */
const OCTOKIT = /octokit-core\.js/;
const TAG = 'tenant-delivery:contract';
/** How `dist/` calls the client of a service, where it is not as a signature calls the service. */
const CLIENTS: Readonly<Record<string, string>> = {
  'application-autoscaling': 'autoscaling',
  elasticloadbalancing: 'elb',
  inspector2: 'inspector',
  monitoring: 'cloudwatch',
  secretsmanager: 'secrets',
};

const chunks = join(import.meta.dirname, '../../dist/chunks');
const textOf = (file: string) => readFileSync(file, 'utf8');

let sandbox: Sandbox;
let workspace = '';
beforeAll(async () => {
  sandbox = await acmeSandbox();
  const user = seedUser(sandbox.aws.world, account, { name: 'acme-ci', path: '/td-rotatable/' });
  const key = seedAccessKey(sandbox.aws.world, account, user, 61 * DAY);
  seedSecret(sandbox.aws.world, account, region, { name: 'td/rotation/acme-ci', value: JSON.stringify(key) });
  putBucket(sandbox.aws.world, { name: 'acme-journal', account, region, versioned: true });
  const store = ecsStore(sandbox.aws.world, account, region);
  for (const tags of Object.values(store.tags)) delete tags[TAG]; // what is under a contract is not touched without one
});
afterAll(() => sandbox.close());
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'td-loaded-'));
  writeFileSync(join(workspace, 'scan-policy.yaml'), 'schemaVersion: 1\n');
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

/** What the runner gives where a workflow says nothing. */
function defaultsOf(action: string): Readonly<Record<string, string>> {
  const given = Object.entries(actionFile(action).inputs).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return Object.fromEntries(given);
}

/** Runs a shipped action with the operator's key, and tells which services it asked and which clients it loaded. */
async function ran(action: string, inputs: Readonly<Record<string, string>>) {
  const from = sandbox.aws.calls.length;
  const { accessKeyId, secretAccessKey } = sandbox.operator;
  const coverage = join(workspace, 'coverage');
  const booted = await bootAction(action, {
    inputs: { ...defaultsOf(action), contract: 'none', account, ...inputs },
    env: {
      ...sandbox.env,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: region,
      GITHUB_WORKSPACE: workspace,
      NODE_V8_COVERAGE: coverage, // Node writes there which files it ran
    },
  });
  const services = new Set(sandbox.aws.calls.slice(from).map(({ service }) => CLIENTS[service] ?? service));
  const files = readdirSync(coverage)
    .flatMap((file) => JSON.parse(readFileSync(join(coverage, file), 'utf8')).result)
    .flatMap(({ url }) => (/\/dist\/[^?]*$/.test(String(url)) ? [fileURLToPath(String(url))] : []));
  const loaded = files.flatMap((file) => /\/chunks\/([a-z0-9]+)-sdk-[^/]*$/.exec(file)?.[1] ?? []);
  return { booted, files, asked: [...services].sort(), loaded: loaded.sort() };
}

/** An image that acme's orders do not run yet. */
function newImage(): string {
  const { repositories } = ecrState(sandbox.aws.world, account, region);
  const [base, orders] = [repositories['base/node'], repositories['acme/orders']];
  const digest = base?.tags['24-old'];
  if (!base || !orders || !digest) throw new Error('the sandbox has no base/node:24-old');
  return `${sandbox.aws.registry}/acme/orders@${copyImage(sandbox.aws.world, base, orders, digest)}`;
}

test('a wrong input loads no client', async () => {
  const { booted, loaded } = await ran('deploy-ecs-service', { account: '12' });
  expect(booted.outputs).toMatchObject({ 'reason-code': 'INPUTS_INVALID' });
  expect(loaded).toEqual([]);
});

test.each([
  [
    'gate-on-ecr-findings',
    () => ({ repository: 'acme/orders', digest: newImage().replace(/^.*@/, ''), policy: 'scan-policy.yaml' }),
    ['ecr', 'sts'],
  ],
  [
    'deploy-ecs-service',
    () => ({ mode: 'plan', cluster: 'acme-prod', service: 'orders', images: `orders=${newImage()}` }),
    ['ecr', 'ecs', 'iam', 'sts'],
  ],
  [
    'rotate-access',
    () => ({
      mode: 'dry-run',
      credential: 'ci',
      user: 'acme-ci',
      escrow: 'td/rotation/acme-ci',
      journal: 'acme-journal',
    }),
    ['iam', 's3', 'secrets', 'sts'],
  ],
])('%s loads the clients of the services that it asks, and no other', async (action, inputs, some) => {
  const { files, asked, loaded } = await ran(action, inputs());
  expect(loaded).toEqual(asked);
  expect(loaded).toEqual(expect.arrayContaining(some));
  // they ask GitHub nothing
  expect(readdirSync(chunks).filter((file) => OCTOKIT.test(textOf(join(chunks, file))))).not.toEqual([]);
  expect(files.filter((file) => OCTOKIT.test(textOf(file)))).toEqual([]);
  // the SDK would look for credentials in profiles, on the machine and by commands, if it were not given any
  expect(files.filter((file) => SEARCH.test(textOf(file)))).toEqual([]);
});
