import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { passEnvironment } from '../src/world/approval.ts';
import { createJob } from '../src/world/job.ts';
import { RELEASED, type Sandbox, startSandbox } from './sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.github.setEnvironment('acme/orders', {
    name: 'acme-prod-approval',
    reviewers: [200001],
    preventSelfReview: true,
    adminsBypass: false,
    branches: ['main', 'release/*'],
    tags: ['v*'],
  });
});
afterAll(() => sandbox.close());

const ENVIRONMENTS = '/repos/acme/orders/environments';

test('tells how an environment is protected', async () => {
  const client = sandbox.with(sandbox.startedJob({ permissions: { actions: 'read' } }).token);
  expect(await client.get(`${ENVIRONMENTS}/acme-prod-approval`)).toMatchObject({
    status: 200,
    body: {
      name: 'acme-prod-approval',
      can_admins_bypass: false,
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      protection_rules: [
        {
          type: 'required_reviewers',
          prevent_self_review: true,
          reviewers: [{ type: 'User', reviewer: { id: 200001, login: 'lead-ben' } }],
        },
        { type: 'branch_policy' },
      ],
    },
  });
  expect(await client.get(`${ENVIRONMENTS}/acme-prod-approval/deployment-branch-policies`)).toMatchObject({
    body: {
      total_count: 3,
      branch_policies: [
        { name: 'main', type: 'branch' },
        { name: 'release/*', type: 'branch' },
        { name: 'v*', type: 'tag' },
      ],
    },
  });
  expect((await client.get(ENVIRONMENTS)).body).toMatchObject({
    environments: [{ can_admins_bypass: false }],
  });
  expect((await client.get(`${ENVIRONMENTS}/acme-prod`)).status).toBe(404);
});

test('a misspelt environment comes into being without any protection', async () => {
  createJob(sandbox.github.world, sandbox.run(), {
    name: 'deploy',
    permissions: {},
    workflow: RELEASED,
    environment: { name: 'acme-prd' },
  });
  expect(await sandbox.as('dev-ana').get(`${ENVIRONMENTS}/acme-prd`)).toMatchObject({
    body: { protection_rules: [], deployment_branch_policy: null, can_admins_bypass: true },
  });
});

test.each([
  ['refs/heads/main', true],
  ['refs/heads/release/1', true],
  ['refs/heads/release/1/hot', false],
  ['refs/heads/v1', false],
  ['refs/tags/v1', true],
  ['refs/tags/main', false],
  ['refs/pull/1/merge', false],
])('%s may deploy where main, release/* and tags v* may: %s', async (ref, may) => {
  const { world } = sandbox.github;
  const job = createJob(world, sandbox.run({ ref }), {
    name: 'deploy',
    permissions: {},
    workflow: RELEASED,
    environment: { name: 'acme-prod-approval' },
  });
  const stop = new AbortController();
  const gate = passEnvironment(world, job, stop.signal);
  stop.abort(new Error('asked a reviewer'));
  if (may) await expect(gate).rejects.toThrow('asked a reviewer');
  else expect(await gate).toMatchObject({ kind: 'refused', reason: expect.stringContaining('not allowed') });
});
