import { getOctokit } from '@actions/github';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commitFiles, setRef } from '../src/git/write.ts';
import { ANA, numberAt, type Sandbox, startSandbox } from './sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  const path = sandbox.github.world.repositories.get('acme/orders')?.path ?? '';
  await commitFiles(path, {
    branch: 'wish',
    from: 'main',
    files: { 'a b/ü.txt': 'hello\n' },
    message: 'Wish',
    author: ANA,
  });
  await setRef(path, 'refs/tags/v1', sandbox.sha);
  await sandbox.github.openPullRequest({
    repository: 'acme/orders',
    head: 'wish',
    user: 'dev-ana',
    title: 'W',
  });
});
afterAll(() => sandbox.close());

const ORDERS = '/repos/acme/orders';
const place = { owner: 'acme', repo: 'orders' };

function octokitOf(permissions: Readonly<Record<string, 'read' | 'write'>>) {
  return getOctokit(sandbox.startedJob({ permissions }).token, { baseUrl: sandbox.github.apiUrl });
}

test('a comment is made, found among many, and changed in its place', async () => {
  const octokit = octokitOf({ 'pull-requests': 'write' });
  const issue = { ...place, issue_number: 1 };
  for (let n = 0; n < 31; n += 1) await octokit.rest.issues.createComment({ ...issue, body: `noise ${n}` });
  const { data: made } = await octokit.rest.issues.createComment({ ...issue, body: '<!-- ours -->' });
  const all = await octokit.paginate(octokit.rest.issues.listComments, issue);
  expect(all).toHaveLength(32);
  expect(all.at(-1)).toMatchObject({ id: made.id, user: { login: 'github-actions[bot]', type: 'Bot' } });
  await octokit.rest.issues.updateComment({ ...place, comment_id: made.id, body: '<!-- ours --> new' });
  const { data: read } = await octokit.rest.issues.getComment({ ...place, comment_id: made.id });
  expect(read.body).toBe('<!-- ours --> new');
});

test.each([
  ['', 'blank'],
  ['x'.repeat(65_537), 'too long'],
])('a comment that is blank or too long is refused', async (body, reason) => {
  const answer = await sandbox.as('dev-ana').post(`${ORDERS}/issues/1/comments`, { body });
  expect(answer).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'body', message: expect.stringContaining(reason) }] },
  });
});

test('a check is made in progress and completed, and stands beside the checks of jobs', async () => {
  const octokit = octokitOf({ checks: 'write' });
  const { data: made } = await octokit.rest.checks.create({
    ...place,
    name: 'delivery: acme/prod/orders',
    head_sha: sandbox.sha,
    status: 'in_progress',
    output: {
      title: 'Assessing',
      summary: 'One moment.',
      annotations: [{ path: 'a', start_line: 1, end_line: 1, annotation_level: 'warning', message: 'm' }],
    },
  });
  expect(made).toMatchObject({ status: 'in_progress', conclusion: null, app: { slug: 'github-actions' } });
  const { data: done } = await octokit.rest.checks.update({
    ...place,
    check_run_id: made.id,
    conclusion: 'failure',
    output: { title: 'Not allowed', summary: 'memory is over the agreement' },
  });
  expect(done).toMatchObject({
    status: 'completed',
    conclusion: 'failure',
    output: { annotations_count: 1 },
  });
  const { data: listed } = await octokit.rest.checks.listForRef({ ...place, ref: 'main' });
  expect(listed.check_runs.map(({ name }) => name)).toContain('deliver / build');
  const { data: ours } = await octokit.rest.checks.listForRef({ ...place, ref: 'v1', check_name: made.name });
  expect(ours.check_runs).toMatchObject([{ id: made.id, head_sha: sandbox.sha }]);
  expect((await sandbox.as('dev-ana').get(`${ORDERS}/check-runs/${made.id}/annotations`)).body).toHaveLength(
    1,
  );
});

test('of several checks of one name the newest counts', async () => {
  const client = sandbox.with(sandbox.startedJob({ permissions: { checks: 'write' } }).token);
  const check = { name: 'twice', head_sha: sandbox.sha, conclusion: 'neutral' };
  await client.post(`${ORDERS}/check-runs`, check);
  const second = await client.post(`${ORDERS}/check-runs`, check);
  const listed = await client.get(`${ORDERS}/commits/main/check-runs?check_name=twice`);
  expect(listed).toMatchObject({ body: { total_count: 1, check_runs: [{ id: numberAt(second, 'id') }] } });
  const all = await client.get(`${ORDERS}/commits/main/check-runs?check_name=twice&filter=all`);
  expect(all).toMatchObject({ body: { total_count: 2 } });
});

test.each([
  [{ name: 'x' }, `Invalid request.\n\n"head_sha" wasn't supplied.`],
  [{ head_sha: 'SHA' }, `Invalid request.\n\n"name" wasn't supplied.`],
  [{ name: 'x', head_sha: 'SHA', status: 'completed' }, 'Validation Failed'],
  [{ name: 'x', head_sha: 'SHA', details_url: 'ftp://here' }, 'Validation Failed'],
  [{ name: 'x', head_sha: 'SHA', conclusion: 'stale' }, 'Validation Failed'],
  [{ name: 'x', head_sha: 'SHA', conclusion: 'fine' }, expect.stringContaining('"fine" is not a member of')],
  [{ name: 'x', head_sha: 'SHA', output: { summary: 's' } }, `Invalid request.\n\n"title" wasn't supplied.`],
  [{ name: 'x', head_sha: 'SHA', actions: [{}] }, 'The local GitHub does not act on actions here.'],
])('a check that GitHub would refuse is refused: %j', async (body, message) => {
  const client = sandbox.with(sandbox.startedJob({ permissions: { checks: 'write' } }).token);
  const given = 'head_sha' in body ? { ...body, head_sha: sandbox.sha } : body;
  expect(await client.post(`${ORDERS}/check-runs`, given)).toMatchObject({
    status: 422,
    body: { message },
  });
});

test('a person makes no checks', async () => {
  const answer = await sandbox
    .as('dev-ana')
    .post(`${ORDERS}/check-runs`, { name: 'x', head_sha: sandbox.sha });
  expect(answer).toMatchObject({ status: 403, body: { message: 'You must authenticate via a GitHub App.' } });
});

test('the success of a deployment makes the earlier one of its environment inactive', async () => {
  const octokit = octokitOf({ deployments: 'write' });
  const deploy = async () => {
    const { data } = await octokit.rest.repos.createDeployment({
      ...place,
      ref: 'main',
      required_contexts: [],
      environment: 'acme-prod',
      description: 'orders',
      payload: { change: 'chg_1' },
    });
    const id = 'id' in data ? data.id : 0;
    await octokit.rest.repos.createDeploymentStatus({ ...place, deployment_id: id, state: 'success' });
    return id;
  };
  const [first] = [await deploy(), await deploy()];
  const { data } = await octokit.rest.repos.listDeploymentStatuses({ ...place, deployment_id: first });
  expect(data.map(({ state }) => state)).toEqual(['inactive', 'success']);
});

test.each([
  ['/deployments', { ref: 'nowhere' }, { message: 'No ref found for: nowhere' }],
  ['/deployments', {}, { message: `Invalid request.\n\n"ref" wasn't supplied.` }],
  ['/deployments', { ref: 5 }, { message: "Invalid request.\n\nFor 'properties/ref', 5 is not a string." }],
  ['/deployments', { ref: 'main', auto_merge: true }, { message: expect.stringContaining('auto_merge') }],
])('a deployment that GitHub would refuse is refused', async (path, body, refusal) => {
  expect(await sandbox.as('dev-ana').post(ORDERS + path, body)).toMatchObject({ status: 422, body: refusal });
});

test('a deployment waits for the checks of its commit, or for those that it names', async () => {
  const sha = await sandbox.commit({ 'checked.txt': '1' }, 'checked');
  const run = sandbox.run({ sha, ref: 'refs/heads/checked' });
  const client = sandbox.with(
    sandbox.startedJob({ permissions: { checks: 'write', deployments: 'write' } }, run).token,
  );
  const deploy = (required_contexts?: readonly string[]) =>
    client.post(`${ORDERS}/deployments`, { ref: 'checked', required_contexts });
  expect(await deploy()).toMatchObject({
    status: 409,
    body: { errors: [{ contexts: [{ context: 'deliver / build', state: 'pending' }] }] },
  });
  expect((await deploy(['scan'])).status).toBe(409);
  await client.post(`${ORDERS}/check-runs`, { name: 'scan', head_sha: sha, conclusion: 'failure' });
  expect(await deploy(['scan'])).toMatchObject({ body: { errors: [{ contexts: [{ state: 'failure' }] }] } });
  await client.post(`${ORDERS}/check-runs`, { name: 'scan', head_sha: sha, conclusion: 'success' });
  expect((await deploy(['scan'])).status).toBe(201);
  expect((await deploy([])).status).toBe(201);
});

test('a deployment status has one of the known states and a short description', async () => {
  const client = sandbox.as('dev-ana');
  const made = await client.post(`${ORDERS}/deployments`, { ref: 'main', required_contexts: [] });
  const path = `${ORDERS}/deployments/${numberAt(made, 'id')}/statuses`;
  expect((await client.post(path, { state: 'done' })).status).toBe(422);
  expect((await client.post(path, { state: 'success', environment_url: 'here' })).status).toBe(422);
  expect((await client.post(path, { state: 'success', description: 'x'.repeat(141) })).status).toBe(422);
  expect((await client.post(path, { state: 'success', description: 'x'.repeat(140) })).status).toBe(201);
});

test('files and folders are read at a ref', async () => {
  const client = sandbox.as('dev-ana');
  expect(await client.get(`${ORDERS}/contents/a%20b/%C3%BC.txt?ref=wish`)).toMatchObject({
    body: { type: 'file', path: 'a b/ü.txt', size: 6, encoding: 'base64', content: 'aGVsbG8K' },
  });
  expect(await client.get(`${ORDERS}/contents/?ref=refs/heads/wish`)).toMatchObject({
    body: [{ name: '.delivery' }, { name: 'README.md', type: 'file' }, { name: 'a b', type: 'dir' }],
  });
  expect(await client.get(`${ORDERS}/contents/.delivery`)).toMatchObject({
    body: [{ type: 'file', name: 'service.yaml', path: '.delivery/service.yaml' }],
  });
  const raw = await client.get(`${ORDERS}/contents/README.md?ref=v1`, {
    accept: 'application/vnd.github.raw+json',
  });
  expect(raw.body).toBe('# Orders\n');
  expect((await client.get(`${ORDERS}/contents/a%20b`)).status).toBe(404);
  expect((await client.get(`${ORDERS}/contents/..%2F..%2Fetc`)).status).toBe(404);
  expect(await client.get(`${ORDERS}/contents/README.md?ref=gone`)).toMatchObject({
    status: 404,
    body: { message: 'No commit found for the ref gone' },
  });
});

test('refs are resolved by their exact name, and listed by their beginning', async () => {
  const client = sandbox.as('dev-ana');
  expect(await client.get(`${ORDERS}/git/ref/tags/v1`)).toMatchObject({
    body: { ref: 'refs/tags/v1', object: { type: 'commit', sha: sandbox.sha } },
  });
  expect((await client.get(`${ORDERS}/git/ref/tags/v`)).status).toBe(404);
  expect(await client.get(`${ORDERS}/git/matching-refs/tags/v`)).toMatchObject({
    body: [{ ref: 'refs/tags/v1' }],
  });
});

test('what a user may do in a repository can be asked', async () => {
  const client = sandbox.as('dev-ana');
  expect(await client.get(`${ORDERS}/collaborators/dev-ana/permission`)).toMatchObject({
    body: { permission: 'write', user: { permissions: { push: true, admin: false } } },
  });
  expect(await client.get(`${ORDERS}/collaborators/stranger/permission`)).toMatchObject({
    body: { permission: 'none' },
  });
});
