import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addApp, installApp, mintToken } from '../src/world/app.ts';
import { openPullRequest } from '../src/world/pull-request.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const RULESETS = '/repos/acme/orders/rulesets';
const CHECK = 'release gate (acme/prod/orders)';
const GATED = {
  name: 'tenant-delivery acme-prod',
  target: 'branch',
  enforcement: 'active',
  conditions: { ref_name: { include: ['refs/heads/main'], exclude: [] } },
  rules: [
    { type: 'deletion' },
    { type: 'non_fast_forward' },
    {
      type: 'required_status_checks',
      parameters: {
        required_status_checks: [{ context: CHECK }],
        strict_required_status_checks_policy: false,
      },
    },
  ],
};
const admin = () => sandbox.as('acme');

test('a ruleset is made, told with the rules that hold for a branch, and replaced', async () => {
  const made = await admin().post(RULESETS, GATED);
  expect(made).toMatchObject({ status: 201, body: { name: GATED.name, bypass_actors: [] } });
  const { id } = made.body as { id: number }; // GitHub's description says so
  expect((await admin().get(RULESETS)).body).toMatchObject([{ id, name: GATED.name }]);
  const told = await sandbox.as('dev-ana').get(`${RULESETS}/${id}`);
  expect(told.body).toMatchObject({ id, rules: GATED.rules, conditions: GATED.conditions });
  expect(told.body).not.toHaveProperty('bypass_actors');
  const holding = await sandbox.as('dev-ana').get('/repos/acme/orders/rules/branches/main');
  expect(holding.body).toMatchObject(GATED.rules.map((rule) => ({ ...rule, ruleset_id: id })));
  expect((await admin().get('/repos/acme/orders/rules/branches/topic')).body).toEqual([]);
  expect((await admin().put(`${RULESETS}/${id}`, { ...GATED, enforcement: 'disabled' })).status).toBe(200);
  expect((await admin().get('/repos/acme/orders/rules/branches/main')).body).toEqual([]);
  expect((await admin().put(`${RULESETS}/${id}`, GATED)).status).toBe(200);
});

test('a required check keeps a pull request out until it has passed', async () => {
  const { world } = sandbox.github;
  const head = await sandbox.commit({ 'new.txt': 'new\n' }, 'topic');
  const wish = { repository: 'acme/orders', head: 'topic', title: 'New', user: 'dev-ana' };
  const pull = await openPullRequest(world, wish);
  const merge = () => sandbox.as('dev-ana').put(`/repos/acme/orders/pulls/${pull.number}/merge`, {});
  expect(await merge()).toMatchObject({
    status: 405,
    body: { message: expect.stringContaining(`"${CHECK}" is expected`) },
  });
  const { token } = sandbox.startedJob({ permissions: { checks: 'write' } });
  const check = { name: CHECK, head_sha: head, status: 'completed', conclusion: 'success' };
  expect((await sandbox.with(token).post('/repos/acme/orders/check-runs', check)).status).toBe(201);
  expect((await merge()).status).toBe(200);
});

test('a check that is required of one App is not passed by another', async () => {
  const { world } = sandbox.github;
  const { app } = addApp(world, { id: 78, slug: 'checker', owner: 'acme', permissions: { checks: 'write' } });
  const installation = installApp(world, app, { account: 'acme' });
  const checker = sandbox.with(mintToken(world, installation, installation).token);
  const parameters = {
    required_status_checks: [{ context: 'audit', integration_id: 78 }],
    strict_required_status_checks_policy: false,
  };
  const audited = { ...GATED, name: 'audited', rules: [{ type: 'required_status_checks', parameters }] };
  expect((await admin().post(RULESETS, audited)).status).toBe(201);
  const head = await sandbox.commit({ 'more.txt': 'more\n' }, 'audited');
  const wish = { repository: 'acme/orders', head: 'audited', title: 'More', user: 'dev-ana' };
  const pull = await openPullRequest(world, wish);
  const merge = () => sandbox.as('dev-ana').put(`/repos/acme/orders/pulls/${pull.number}/merge`, {});
  const pass = { head_sha: head, status: 'completed', conclusion: 'success' };
  const job = sandbox.with(sandbox.startedJob({ permissions: { checks: 'write' } }).token);
  for (const name of [CHECK, 'audit']) await job.post('/repos/acme/orders/check-runs', { ...pass, name });
  expect((await merge()).status).toBe(405); // a job has the token of another App
  await checker.post('/repos/acme/orders/check-runs', { ...pass, name: 'audit' });
  expect((await merge()).status).toBe(200);
});

test('a ruleset is refused without a name, with the name of another, and to those who are no admins', async () => {
  expect((await admin().post(RULESETS, { ...GATED, name: undefined })).status).toBe(422);
  expect((await admin().post(RULESETS, GATED)).status).toBe(422);
  expect((await admin().post(RULESETS, { ...GATED, name: 'other', rules: [{ type: 'odd' }] })).status).toBe(
    422,
  );
  expect((await sandbox.as('dev-ana').post(RULESETS, { ...GATED, name: 'mine' })).status).toBe(403);
  expect((await admin().get(`${RULESETS}/1`)).status).toBe(404);
});
