import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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

describe('settings of an environment', () => {
  const NEW = `${ENVIRONMENTS}/acme-staging`;
  const POLICIES = `${NEW}/deployment-branch-policies`;
  const custom = { protected_branches: false, custom_branch_policies: true };
  const admin = () => sandbox.as('acme');

  test('are made and set anew as a whole, and nothing changes who may bypass', async () => {
    const made = await admin().put(NEW, {
      reviewers: [{ type: 'User', id: 200010 }],
      prevent_self_review: true,
      deployment_branch_policy: custom,
    });
    expect(made).toMatchObject({
      status: 200,
      body: {
        can_admins_bypass: true,
        deployment_branch_policy: custom,
        protection_rules: [
          {
            type: 'required_reviewers',
            prevent_self_review: true,
            reviewers: [{ reviewer: { id: 200010 } }],
          },
          { type: 'branch_policy' },
        ],
      },
    });
    const added = await admin().post(POLICIES, { name: 'main' });
    expect(added).toMatchObject({ status: 200, body: { name: 'main', type: 'branch' } });
    expect((await admin().post(POLICIES, { name: 'main' })).status).toBe(303);
    const { id } = added.body as { id: number }; // GitHub's description says so
    expect(await admin().put(NEW, { deployment_branch_policy: custom })).toMatchObject({
      body: { protection_rules: [{ type: 'branch_policy' }] },
    });
    expect((await admin().get(POLICIES)).body).toMatchObject({ branch_policies: [{ id, name: 'main' }] });
    expect((await admin().delete(`${POLICIES}/${id}`)).status).toBe(204);
    expect((await admin().delete(`${POLICIES}/${id}`)).status).toBe(404);
    expect(await admin().put(NEW, {})).toMatchObject({ body: { deployment_branch_policy: null } });
    expect((await admin().post(POLICIES, { name: 'main' })).status).toBe(404);
  });

  test.each([
    ['seven reviewers', { reviewers: Array.from({ length: 7 }, () => ({ type: 'User', id: 200010 })) }],
    ['a reviewer whom nobody knows', { reviewers: [{ type: 'User', id: 1 }] }],
    ['a reviewer who may not read the repository', { reviewers: [{ type: 'User', id: 999 }] }],
    [
      'branches by both ways',
      { deployment_branch_policy: { protected_branches: true, custom_branch_policies: true } },
    ],
  ])('are refused with %s', async (_, body) => {
    expect((await admin().put(`${ENVIRONMENTS}/refused`, body)).status).toBe(422);
    expect((await admin().get(`${ENVIRONMENTS}/refused`)).status).toBe(404);
  });

  test('are not set by somebody who may only write, nor by a job', async () => {
    expect((await sandbox.as('dev-ana').put(NEW, {})).status).toBe(403);
    const { token } = sandbox.startedJob({ permissions: { actions: 'write', contents: 'write' } });
    expect((await sandbox.with(token).put(NEW, {})).status).toBe(403);
  });

  test('with reviewers need GitHub Enterprise where the repository is private', async () => {
    const { owner } = sandbox.github.addRepository({
      ...{ owner: 'initech', ownerId: 700_000, name: 'small', id: 700_002, path: '/nowhere' },
      collaborators: { 'dev-ana': 'admin' },
    });
    owner.plan = 'team';
    const client = sandbox.as('dev-ana');
    const place = '/repos/initech/small/environments/prod';
    const refused = await client.put(place, { reviewers: [{ type: 'User', id: 200010 }] });
    expect(refused).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('billing plan') },
    });
    expect((await client.put(place, { deployment_branch_policy: custom })).status).toBe(200);
  });
});
