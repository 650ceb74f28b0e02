import { afterAll, beforeAll, expect, test } from '@jest/globals';
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

test('a ruleset is refused without a name, with the name of another, and to those who are no admins', async () => {
  expect((await admin().post(RULESETS, { ...GATED, name: undefined })).status).toBe(422);
  expect((await admin().post(RULESETS, GATED)).status).toBe(422);
  expect((await admin().post(RULESETS, { ...GATED, name: 'other', rules: [{ type: 'odd' }] })).status).toBe(
    422,
  );
  expect((await sandbox.as('dev-ana').post(RULESETS, { ...GATED, name: 'mine' })).status).toBe(403);
  expect((await admin().get(`${RULESETS}/1`)).status).toBe(404);
});
