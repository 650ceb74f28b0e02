import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { finishJob } from '../src/world/job.ts';
import { addRepository } from '../src/world/repository.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const ORDERS = '/repos/acme/orders';

test('a token that nobody issued is bad credentials', async () => {
  const answer = await sandbox.with('ghp_never-issued').get(ORDERS);
  expect(answer).toMatchObject({ status: 401, body: { message: 'Bad credentials' } });
});

test('a private repository does not exist for people without a role in it, nor without a token', async () => {
  for (const client of [sandbox.as('stranger'), sandbox.with(undefined)]) {
    expect(await client.get(ORDERS)).toMatchObject({ status: 404, body: { message: 'Not Found' } });
  }
  expect((await sandbox.as('dev-ana').get(ORDERS)).status).toBe(200);
});

test("another repository's job sees nothing of a private repository, whatever its permissions", async () => {
  const { github } = sandbox;
  const other = addRepository(github.world, {
    owner: 'globex',
    ownerId: 7,
    name: 'shop',
    id: 8,
    path: github.world.repositories.get('acme/orders')?.path ?? '',
    visibility: 'public',
  });
  const run = sandbox.run();
  const theirs = sandbox.startedJob(
    { permissions: { contents: 'write', actions: 'write' } },
    { ...run, repository: other },
  );
  const client = sandbox.with(theirs.token);
  expect((await client.get(`${ORDERS}/contents/README.md`)).status).toBe(404);
  expect((await client.get('/repos/globex/shop/contents/README.md')).status).toBe(200);
});

test('a job reads a public repository of others but changes nothing there', async () => {
  const { token } = sandbox.startedJob({ permissions: { checks: 'write' } });
  const client = sandbox.with(token);
  expect((await client.get('/repos/globex/shop')).status).toBe(200);
  const answer = await client.post('/repos/globex/shop/check-runs', { name: 'x', head_sha: sandbox.sha });
  expect(answer.status).toBe(403);
});

test.each([
  ['contents', 'read', 'GET', `/contents/README.md`],
  ['actions', 'read', 'GET', '/environments'],
  ['actions', 'read', 'GET', '/actions/runs'],
  ['deployments', 'read', 'GET', '/deployments'],
  ['pull-requests', 'read', 'GET', '/pulls'],
  ['checks', 'read', 'GET', '/commits/main/check-runs'],
  ['deployments', 'write', 'POST', '/deployments'],
  ['checks', 'write', 'POST', '/check-runs'],
] as const)(
  "a job without %s: %s is refused 'not accessible by integration'",
  async (scope, access, method, path) => {
    const call = async (permissions: Readonly<Record<string, 'read' | 'write'>>) => {
      const client = sandbox.with(sandbox.startedJob({ permissions }).token);
      return method === 'GET' ? client.get(ORDERS + path) : client.post(ORDERS + path, {});
    };
    const lacking = access === 'write' ? { [scope]: 'read' as const } : {};
    const refused = await call({ ...lacking, issues: 'write' });
    expect(refused).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by integration', status: '403' },
    });
    expect((await call({ [scope]: access })).status).not.toBe(403);
  },
);

test("a job's token is worth nothing once the job has ended", async () => {
  const { job, token } = sandbox.startedJob();
  expect((await sandbox.with(token).get(ORDERS)).status).toBe(200);
  finishJob(sandbox.github.world, job, { conclusion: 'success' });
  expect((await sandbox.with(token).get(ORDERS)).status).toBe(401);
});

test('a reader may comment but not deploy', async () => {
  sandbox.github.setEnvironment('acme/orders', { name: 'readers', reviewers: [200001] });
  const answer = await sandbox.as('lead-ben').post(`${ORDERS}/deployments`, { ref: 'main' });
  expect(answer).toMatchObject({ status: 403, body: { message: 'Must have push access to Repository.' } });
});

test('who is asking can be asked: a person by name, a job not at all', async () => {
  expect(await sandbox.as('dev-ana').get('/user')).toMatchObject({ body: { login: 'dev-ana', id: 200010 } });
  expect((await sandbox.with(sandbox.startedJob().token).get('/user')).status).toBe(403);
  expect((await sandbox.with(undefined).get('/user')).status).toBe(401);
  expect(await sandbox.with(undefined).get('/user/200001')).toMatchObject({ body: { login: 'lead-ben' } });
  expect(await sandbox.with(undefined).get('/users/LEAD-BEN')).toMatchObject({ body: { id: 200001 } });
  expect((await sandbox.with(undefined).get('/users/nobody')).status).toBe(404);
});
