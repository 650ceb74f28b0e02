import { getOctokit } from '@actions/github';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commitFiles } from '../src/git/write.ts';
import { ANA, type Sandbox, startSandbox } from './sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  const path = sandbox.github.world.repositories.get('acme/orders')?.path ?? '';
  const files = { 'a.txt': 'hello\n' };
  await commitFiles(path, { branch: 'wish', from: 'main', files, message: 'Wish', author: ANA });
  await sandbox.github.openPullRequest({
    repository: 'acme/orders',
    head: 'wish',
    user: 'dev-ana',
    title: 'W',
  });
});
afterAll(() => sandbox.close());

const place = { owner: 'acme', repo: 'orders' };
const ISSUES = '/repos/acme/orders/issues';

function octokitOf(permissions: Readonly<Record<string, 'read' | 'write'>>) {
  return getOctokit(sandbox.startedJob({ permissions }).token, { baseUrl: sandbox.github.apiUrl });
}

test('an issue is opened, found beside pull requests, commented, rewritten and closed, by its own number', async () => {
  const octokit = octokitOf({ issues: 'write' });
  const { data: made } = await octokit.rest.issues.create({ ...place, title: 'T', body: '<!-- ours -->' });
  expect(made).toMatchObject({ number: 2, state: 'open', user: { login: 'github-actions[bot]' } });
  const list = async (state: 'open' | 'closed') =>
    (await octokit.rest.issues.listForRepo({ ...place, state })).data.map(({ number }) => number);
  expect(await list('open')).toEqual([2, 1]);
  const { data: bots } = await octokit.rest.issues.listForRepo({ ...place, creator: 'github-actions[bot]' });
  expect(bots.map(({ number, pull_request }) => [number, pull_request])).toEqual([[2, undefined]]);
  const issue = { ...place, issue_number: 2 };
  await octokit.rest.issues.createComment({ ...issue, body: 'news' });
  await octokit.rest.issues.update({ ...issue, body: 'new', state: 'closed', state_reason: 'completed' });
  expect((await octokit.rest.issues.get(issue)).data).toMatchObject({
    body: 'new',
    state: 'closed',
    comments: 1,
  });
  expect([await list('open'), await list('closed')]).toEqual([[1], [2]]);
});

test.each([
  [{ title: ' ' }, 'blank'],
  [{ title: 'x'.repeat(257) }, 'too long'],
  [{ title: 'T', body: 'x'.repeat(65_537) }, 'too long'],
])('an issue beyond what GitHub takes is refused: case %#', async (given, reason) => {
  expect(await sandbox.as('dev-ana').post(ISSUES, given)).toMatchObject({
    status: 422,
    body: { errors: [{ message: expect.stringContaining(reason) }] },
  });
});

test('a job opens none without issues: write', async () => {
  const opened = octokitOf({ issues: 'read', 'pull-requests': 'write' }).rest.issues.create({
    ...place,
    title: 'T',
  });
  await expect(opened).rejects.toMatchObject({ status: 403 });
});
