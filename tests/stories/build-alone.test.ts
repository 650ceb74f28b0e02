import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runAlone } from '@tenant-delivery/build-and-scan-image/alone/run-alone';
import { type AloneInputs, readBuildInputs } from '@tenant-delivery/build-and-scan-image/inputs';
import { openAlone } from '@tenant-delivery/build-and-scan-image/world';
import { runAlone as deployAlone } from '@tenant-delivery/deploy-ecs-service/run-alone';
import { givenAlone } from '@tenant-delivery/deploy-ecs-service/test/given';
import { openAlone as openDeploy } from '@tenant-delivery/deploy-ecs-service/world';
import { HOUR } from '@tenant-delivery/domain';
import { ecsStore } from '@tenant-delivery/local-aws/ecs/store';
import { copyImage, ecrState, seedRepository } from '@tenant-delivery/local-aws/services/ecr';
import { issueSession } from '@tenant-delivery/local-aws/world/keys';
import { manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { acmeSandbox, ORDERS, type Sandbox, timeOf } from '../stage/a-job.ts';
import { defaultsOf } from '../stage/default-inputs.ts';
import { policyOfPage, putRoleWith } from '../stage/granting.ts';

// A repository without a contract: its own role, with the policy of the page and no other right, builds, pushes and deploys.

const { account, region } = ORDERS;
const TAG = 'tenant-delivery:contract';
const ROLE = 'ci-push-shop';

const clock = manualClock(Date.now());
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await acmeSandbox(1, { clock });
  await clock.advance(60_000); // the service has come up
  putRoleWith(sandbox.aws, account, { name: ROLE, policy: policyOfPage('build-and-scan-image', account) });
  const shop = seedRepository(sandbox.aws.world, account, region, 'shop', { tagMutability: 'MUTABLE' });
  const base = ecrState(sandbox.aws.world, account, region).repositories['base/node'];
  shop.tags['base'] = copyImage(sandbox.aws.world, base ?? shop, shop, base?.tags['24'] ?? '');
});
afterAll(() => sandbox.close());

/** The environment of a job that has a session of the role, or none. */
function environment(credentials: 'of the role' | 'none'): NodeJS.ProcessEnv {
  const env = { PATH: process.env['PATH'], ...sandbox.env };
  if (credentials === 'none') return env;
  const arn = `arn:aws:sts::${account}:assumed-role/${ROLE}/main`;
  const session = issueSession(sandbox.aws.world, { account, arn }, sandbox.aws.clock.now() + HOUR);
  return {
    ...env,
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
    AWS_REGION: region,
  };
}

async function build(
  inputs: Readonly<Record<string, string>>,
  credentials: 'of the role' | 'none' = 'of the role',
  page = 'first',
) {
  const workspace = await mkdtemp(join(sandbox.folder, 'workspace-'));
  const temp = join(workspace, 'temp');
  await mkdir(temp);
  const from = credentials === 'none' ? 'scratch' : `${sandbox.aws.registry}/shop:base`;
  await writeFile(join(workspace, 'Dockerfile'), `FROM ${from}\nCOPY page /page\n`);
  await writeFile(join(workspace, 'page'), page);
  const runner = fakeRunner({
    context: { workspace, temp },
    inputs: {
      ...defaultsOf('build-and-scan-image', ''),
      contract: 'none',
      context: '.',
      builder: 'own',
      ...inputs,
    },
  });
  const env = environment(credentials);
  const request = readBuildInputs(runner);
  if (request.kind !== 'alone') throw new Error('these inputs are of a contract');
  const told = await played(request.given);
  const said = JSON.stringify([runner.log, runner.outputs, runner.summaries, runner.errors]);
  for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
    expect([name, env[name] !== undefined && said.includes(env[name])]).toEqual([name, false]);
  for (const secret of runner.masked) expect(said).not.toContain(secret);
  expect(readdirSync(temp)).toEqual([]);
  return { told, runner };

  async function played(given: AloneInputs) {
    const world = await openAlone(runner, env, given);
    return runAlone(given, { ...world, clock: timeOf(clock) }).catch((thrown: unknown) => thrown);
  }
}

const named = (...tags: readonly string[]) =>
  tags.map((tag) => `${sandbox.aws.registry}/shop:${tag}`).join('\n');
const tags = () => ({ ...ecrState(sandbox.aws.world, account, region).repositories['shop']?.tags });

test('what is built is pushed under two tags, and its output is what a deploy takes: the service runs this very digest', async () => {
  const { told, runner } = await build({ push: 'true', tags: named('v1', 'latest') });
  expect(told).toMatchObject({ outcome: 'built', ok: true });
  const { digest = '', image = '' } = runner.outputs;
  expect(tags()).toMatchObject({ v1: digest, latest: digest });

  for (const resource of Object.values(ecsStore(sandbox.aws.world, account, region).tags))
    delete resource[TAG];
  const { accessKeyId, secretAccessKey } = sandbox.operator;
  const env = {
    ...sandbox.env,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: region,
  };
  const given = await givenAlone({
    mode: 'deploy',
    cluster: 'acme-prod',
    service: 'orders',
    images: `orders=${image}`,
  });
  const world = await openDeploy(fakeRunner(), env, given);
  const deployed = await deployAlone(given, { ...world, clock: timeOf(clock) });
  expect(deployed).toMatchObject({ outcome: 'deployed', ok: true });
  const { services, families } = ecsStore(sandbox.aws.world, account, region);
  const { taskDefinition } = services['acme-prod/orders']?.settings ?? {};
  const running = Object.values(families)
    .flat()
    .find(({ arn }) => arn === taskDefinition);
  expect(JSON.stringify(running)).toContain(`/shop@${digest}`);
});

test('a second commit moves the tag that moves, and is refused where tags do not', async () => {
  const before = tags()['latest'];
  const { told, runner } = await build({ push: 'true', tags: named('latest') }, 'of the role', 'second');
  expect(told).toMatchObject({ ok: true });
  expect(runner.log).toContain(`The tag latest moved to it from ${before}`);
  seedRepository(sandbox.aws.world, account, region, 'shop').tagMutability = 'IMMUTABLE';
  const refused = await build({ push: 'true', tags: named('v1') }, 'of the role', 'third');
  expect(refused.told).toMatchObject({
    code: 'TAG_TAKEN',
    message: expect.stringContaining('v1 belongs to'),
  });
});

test('a repository under contract is refused with the rights of the page, before it is logged in to', async () => {
  const from = sandbox.aws.calls.length;
  const shop = seedRepository(sandbox.aws.world, account, region, 'shop');
  shop.resourceTags = { [TAG]: 'acme/prod' };
  const { told } = await build({ push: 'true', tags: named('v2') });
  delete shop.resourceTags;
  expect(told).toMatchObject({ code: 'SERVICE_CONTRACTED', message: expect.stringContaining('acme/prod') });
  expect(sandbox.aws.calls.slice(from).map(({ operation }) => operation)).not.toContain(
    'GetAuthorizationToken',
  );
});

test('the run of a fork has no credentials: it builds and asks AWS nothing, and a push is refused', async () => {
  const from = sandbox.aws.calls.length;
  const { told, runner } = await build({ push: 'false', tags: named('pr-7') }, 'none');
  expect(told).toMatchObject({ outcome: 'built', facts: { pushed: false } });
  expect(runner.outputs['digest']).toMatch(/^sha256:/);
  expect(sandbox.aws.calls.length).toBe(from);
  await expect(build({ push: 'true', tags: named('pr-7'), region }, 'none')).rejects.toMatchObject({
    code: 'AWS_CREDENTIALS_MISSING',
  });
  expect(tags()).not.toHaveProperty('pr-7');
});
