import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { commitFiles } from '../src/git/write.ts';
import { push, pushCommit } from '../src/world/activity.ts';
import { rerun } from '../src/world/run.ts';
import { ANA, type Sandbox, startSandbox } from './sandbox.ts';

const ORDERS = '/repos/acme/orders';
const BOT = {
  name: 'github-actions[bot]',
  email: '41898282+github-actions[bot]@users.noreply.github.com',
};

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

function repository() {
  const found = sandbox.github.world.repositories.get('acme/orders');
  if (!found) throw new Error('acme/orders is in the sandbox');
  return found;
}

function pushed(by: string, text: string, author = ANA, branch = 'main') {
  const files = { 'server.js': text };
  return push(sandbox.github.world, repository(), {
    branch,
    from: 'main',
    files,
    message: text,
    author,
    by,
  });
}

async function pullRequest(author = ANA) {
  await pushed('dev-ana', 'wish', author, 'wish');
  await sandbox.github.openPullRequest({
    repository: 'acme/orders',
    head: 'wish',
    user: 'dev-ana',
    title: 'A wish',
  });
}

describe('how a branch came to be where it is', () => {
  test('names who pushed, by force or not, whatever the commits say; the newest comes first', async () => {
    const first = await pushed('lead-ben', 'one', BOT);
    await pushCommit(sandbox.github.world, repository(), {
      branch: 'main',
      sha: sandbox.sha,
      by: 'github-actions[bot]',
    });
    expect(await sandbox.as('dev-ana').get(`${ORDERS}/activity?ref=main`)).toMatchObject({
      status: 200,
      body: [
        {
          activity_type: 'force_push',
          before: first,
          after: sandbox.sha,
          actor: { login: 'github-actions[bot]', id: 41_898_282, type: 'Bot' },
        },
        {
          activity_type: 'push',
          before: sandbox.sha,
          after: first,
          actor: { login: 'lead-ben', type: 'User' },
        },
        { activity_type: 'branch_creation', before: '0'.repeat(40), after: sandbox.sha, actor: null },
      ],
    });
  });

  test('has an entry that names nobody where git was written to behind the back of the server', async () => {
    await pushed('dev-ana', 'one');
    const hidden = await sandbox.commit({ 'server.js': 'two' });
    const { body } = await sandbox.as('dev-ana').get(`${ORDERS}/activity`);
    expect(body).toMatchObject([{ activity_type: 'push', after: hidden, actor: null }, {}, {}]);
  });

  test('comes in pages that a cursor leads through, and a page number leads nowhere', async () => {
    for (let n = 0; n < 4; n += 1) await pushed('dev-ana', String(n));
    const client = sandbox.as('dev-ana');
    const first = await client.get(`${ORDERS}/activity?per_page=2`);
    expect((await client.get(`${ORDERS}/activity?per_page=2&page=2`)).body).toEqual(first.body);
    const [, next = ''] = /\/api\/v3(\S+)>; rel="next"/.exec(first.headers.get('link') ?? '') ?? [];
    const second = await client.get(next);
    const [, last = ''] = /\/api\/v3(\S+)>; rel="next"/.exec(second.headers.get('link') ?? '') ?? [];
    const third = await client.get(last);
    const all = [first, second, third].flatMap(({ body }) => body as readonly { readonly id: number }[]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(5);
    expect(third.headers.get('link')).not.toContain('rel="next"');
  });

  test('is read by a job that may read the contents, and by no other', async () => {
    const may = async (permissions: Readonly<Record<string, 'read'>>) =>
      (await sandbox.with(sandbox.startedJob({ permissions }).token).get(`${ORDERS}/activity`)).status;
    expect(await may({ contents: 'read' })).toBe(200);
    expect(await may({ 'pull-requests': 'read', actions: 'read' })).toBe(403);
  });
});

describe('a merged pull request', () => {
  test.each([
    ['merge', { author: 'lead-ben', committer: 'web-flow' }],
    ['squash', { author: 'dev-ana', committer: 'web-flow' }],
  ])('by %s is committed by GitHub itself, and its activity names who merged', async (method, people) => {
    repository().collaborators.set('lead-ben', 'write');
    await pullRequest();
    const merged = await sandbox.as('lead-ben').put(`${ORDERS}/pulls/1/merge`, { merge_method: method });
    expect(merged).toMatchObject({ status: 200, body: { merged: true } });
    const { sha } = merged.body as { readonly sha: string };
    const client = sandbox.as('dev-ana');
    expect((await client.get(`${ORDERS}/commits/${sha}`)).body).toMatchObject({
      author: { login: people.author },
      committer: { login: people.committer, id: 19_864_447, type: 'User' },
    });
    const { body } = await client.get(`${ORDERS}/activity?ref=refs/heads/main&per_page=1`);
    expect(body).toMatchObject([{ activity_type: 'pr_merge', after: sha, actor: { login: 'lead-ben' } }]);
    expect((await client.get(`${ORDERS}/pulls/1`)).body).toMatchObject({
      state: 'closed',
      merged: true,
      merged_by: { login: 'lead-ben' },
      merge_commit_sha: sha,
    });
    expect((await client.get(`${ORDERS}/commits/${sha}/pulls`)).body).toMatchObject([{ number: 1 }]);
    const again = await sandbox.as('lead-ben').put(`${ORDERS}/pulls/1/merge`, {});
    expect(again).toMatchObject({ status: 405, body: { message: 'Pull Request is not mergeable' } });
  });

  test('is merged by the bot of a job that may write contents, and by no other job', async () => {
    await pullRequest();
    const merge = (permissions: Readonly<Record<string, 'read' | 'write'>>) =>
      sandbox.with(sandbox.startedJob({ permissions }).token).put(`${ORDERS}/pulls/1/merge`, {});
    expect((await merge({ 'pull-requests': 'write' })).status).toBe(403);
    expect((await merge({ contents: 'write' })).status).toBe(200);
    const { body } = await sandbox.as('dev-ana').get(`${ORDERS}/activity?per_page=1`);
    expect(body).toMatchObject([{ actor: { login: 'github-actions[bot]' } }]);
  });

  test('that conflicts or moved on is not merged', async () => {
    await pullRequest();
    const stale = await sandbox.as('dev-ana').put(`${ORDERS}/pulls/1/merge`, { sha: sandbox.sha });
    expect(stale.status).toBe(409);
    await commitFiles(repository().path, {
      branch: 'main',
      files: { 'server.js': 'other' },
      message: 'Conflict',
      author: ANA,
    });
    expect((await sandbox.as('dev-ana').put(`${ORDERS}/pulls/1/merge`, {})).status).toBe(405);
  });
});

test('every attempt of a run says who started it, and a bot is one', async () => {
  const run = sandbox.run({ actor: 'github-actions[bot]' });
  rerun(sandbox.github.world, run, 'lead-ben');
  const client = sandbox.as('dev-ana');
  const bot = { login: 'github-actions[bot]', type: 'Bot' };
  expect((await client.get(`${ORDERS}/actions/runs/${run.id}/attempts/1`)).body).toMatchObject({
    actor: bot,
    triggering_actor: bot,
  });
  expect((await client.get(`${ORDERS}/actions/runs/${run.id}/attempts/2`)).body).toMatchObject({
    actor: bot,
    triggering_actor: { login: 'lead-ben', type: 'User' },
  });
});
