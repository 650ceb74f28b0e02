import { join } from 'node:path';
import { getOctokit } from '@actions/github';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { resolveCommit } from '../src/git/resolve.ts';
import { commitFiles, copyGitRepository } from '../src/git/write.ts';
import { type PullRequest, synchronise } from '../src/world/pull-request.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

let sandbox: Sandbox;
let pull: PullRequest;
beforeAll(async () => {
  sandbox = await startSandbox();
  await commitFiles(path(), {
    branch: 'wish',
    from: 'main',
    files: {},
    message: 'Begin a wish',
    author: BEN,
  });
  await sandbox.commit({ 'README.md': '# Orders\n\nMore.\n', 'bin/start': 'go\n' }, 'wish');
  pull = await sandbox.github.openPullRequest({
    repository: 'acme/orders',
    head: 'wish',
    user: 'dev-ana',
    title: 'More',
  });
});
afterAll(() => sandbox.close());

const ORDERS = '/repos/acme/orders';
const BEN = { name: 'Ben', email: 'ben@unknown.example' };
const path = () => sandbox.github.world.repositories.get('acme/orders')?.path ?? '';

test('shows a pull request with its two ends, its size and its merge commit', async () => {
  expect(await sandbox.as('dev-ana').get(`${ORDERS}/pulls/1`)).toMatchObject({
    status: 200,
    body: {
      number: 1,
      user: { login: 'dev-ana' },
      author_association: 'COLLABORATOR',
      head: { ref: 'wish', sha: pull.headSha, repo: { full_name: 'acme/orders', fork: false } },
      base: { ref: 'main', sha: sandbox.sha, repo: { id: 456789 } },
      mergeable: true,
      merge_commit_sha: await resolveCommit(path(), 'refs/pull/1/merge'),
      changed_files: 2,
      additions: 3,
      commits: expect.any(Number),
    },
  });
});

test('lists what a pull request changes, line by line', async () => {
  expect(await sandbox.as('dev-ana').get(`${ORDERS}/pulls/1/files`)).toMatchObject({
    body: [
      {
        filename: 'README.md',
        status: 'modified',
        additions: 2,
        deletions: 0,
        patch: '@@ -1 +1,3 @@\n # Orders\n+\n+More.',
      },
      { filename: 'bin/start', status: 'added', additions: 1, patch: '@@ -0,0 +1 @@\n+go' },
    ],
  });
});

test('reviews name the commit that was reviewed, and nobody approves their own', async () => {
  const review = { event: 'APPROVE', body: 'Good.' };
  const own = await sandbox.as('dev-ana').post(`${ORDERS}/pulls/1/reviews`, review);
  expect(own).toMatchObject({ status: 422, body: { errors: ['Can not approve your own pull request'] } });
  sandbox.github.world.repositories.get('acme/orders')?.collaborators.set('lead-ben', 'read');
  expect((await sandbox.as('lead-ben').post(`${ORDERS}/pulls/1/reviews`, review)).status).toBe(200);
  expect(await sandbox.as('dev-ana').get(`${ORDERS}/pulls/1/reviews`)).toMatchObject({
    body: [{ state: 'APPROVED', user: { login: 'lead-ben' }, commit_id: pull.headSha }],
  });
});

test('a commit leads to the pull request that brings it', async () => {
  const client = sandbox.as('dev-ana');
  expect(await client.get(`${ORDERS}/commits/${pull.headSha}/pulls`)).toMatchObject({
    body: [{ number: 1 }],
  });
  expect(await client.get(`${ORDERS}/commits/${sandbox.sha}/pulls`)).toMatchObject({ body: [] });
});

test('a comparison names the users behind e-mail addresses, and nobody behind an unknown one', async () => {
  const octokit = getOctokit(sandbox.github.world.users.get('dev-ana')?.token ?? '', {
    baseUrl: sandbox.github.apiUrl,
  });
  const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
    owner: 'acme',
    repo: 'orders',
    basehead: `${sandbox.sha}...wish`,
  });
  expect(data).toMatchObject({
    status: 'ahead',
    ahead_by: 2,
    behind_by: 0,
    total_commits: 2,
    merge_base_commit: { sha: sandbox.sha },
    commits: [
      { author: null, committer: null, commit: { author: { email: BEN.email } } },
      { author: { login: 'dev-ana' }, commit: { message: 'Change something\n\nWith a reason.' } },
    ],
    files: [{ filename: 'README.md' }, { filename: 'bin/start' }],
  });
  const back = await sandbox.as('dev-ana').get(`${ORDERS}/compare/wish...main`);
  expect(back).toMatchObject({ body: { status: 'behind', behind_by: 2, commits: [], files: [] } });
  expect((await sandbox.as('dev-ana').get(`${ORDERS}/compare/main...nowhere`)).status).toBe(404);
});

test('a commit shows its statistics and files, also the first of all', async () => {
  expect(await sandbox.as('dev-ana').get(`${ORDERS}/commits/main`)).toMatchObject({
    body: {
      sha: sandbox.sha,
      parents: [],
      stats: { additions: 2, deletions: 0, total: 2 },
      files: [{ filename: '.delivery/service.yaml', status: 'added' }, { filename: 'README.md' }],
    },
  });
  const missing = await sandbox.as('dev-ana').get(`${ORDERS}/commits/${'0'.repeat(40)}`);
  expect(missing).toMatchObject({
    status: 422,
    body: { message: `No commit found for SHA: ${'0'.repeat(40)}` },
  });
});

test('a pull request from a fork has its head in the fork, and its runs get no rights', async () => {
  const { github, folder } = sandbox;
  const fork = join(folder, 'fork.git');
  await copyGitRepository(path(), fork);
  github.addRepository({
    owner: 'stranger',
    ownerId: 999,
    name: 'orders',
    id: 5,
    path: fork,
    forkOf: 'acme/orders',
  });
  const files = { '.delivery/service.yaml': 'schemaVersion: 2\n' };
  await commitFiles(fork, { branch: 'grab', from: 'main', files, message: 'Grab', author: BEN });
  const head = await commitFiles(fork, {
    branch: 'grab',
    files: { 'README.md': null, '.delivery/service.yaml': 'schemaVersion: 3\n' },
    message: 'Grab more',
    author: BEN,
  });
  const theirs = await github.openPullRequest({
    repository: 'acme/orders',
    headRepository: 'stranger/orders',
    head: 'grab',
    user: 'stranger',
    title: 'Free money',
  });
  expect(await sandbox.as('dev-ana').get(`${ORDERS}/pulls/${theirs.number}`)).toMatchObject({
    body: {
      author_association: 'NONE',
      head: {
        sha: head,
        repo: { full_name: 'stranger/orders', fork: true, parent: { full_name: 'acme/orders' } },
      },
      base: { repo: { full_name: 'acme/orders' } },
    },
  });
  const run = sandbox.run({ event: 'pull_request', ref: `refs/pull/${theirs.number}/merge`, pull: theirs });
  const { job, token } = sandbox.startedJob(
    { permissions: { 'id-token': 'write', contents: 'write', checks: 'write' } },
    run,
  );
  expect(job.permissions).toEqual({ 'id-token': 'none', contents: 'read', checks: 'read' });
  expect((await sandbox.with(token).post(`${ORDERS}/check-runs`, {})).status).toBe(403);
  expect(await sandbox.as('dev-ana').get(`${ORDERS}/actions/runs/${run.id}`)).toMatchObject({
    body: { head_sha: head, head_repository: { full_name: 'stranger/orders' }, pull_requests: [] },
  });
});

test('takes up what is pushed later, and says when it cannot be merged', async () => {
  await sandbox.commit({ 'README.md': '# Orders\n\nSomething else.\n' });
  await synchronise(sandbox.github.world, pull);
  expect(await sandbox.as('dev-ana').get(`${ORDERS}/pulls/1`)).toMatchObject({
    body: { mergeable: false, mergeable_state: 'dirty', merge_commit_sha: null },
  });
});
