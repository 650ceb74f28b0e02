import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { push } from '@tenant-delivery/local-github/world/activity';
import { mergePullRequest } from '@tenant-delivery/local-github/world/merge-pull-request';
import { repositoryActivity } from '../src/commits/activity.ts';
import { pullRequests } from '../src/commits/pull-requests.ts';
import { ANA, githubStage, ORDERS, type Stage } from './stage.ts';

const BEN_PUSHED = { by: { login: 'lead-ben' }, ref: 'refs/heads/wish' };

let stage: Stage;
let squashed = '';
let head = '';
beforeAll(async () => {
  stage = await githubStage();
  const { github, orders, first } = stage;
  const wish = (text: string, by: string) =>
    push(github.world, orders, {
      ...{ branch: 'wish', from: first, files: { 'server.js': text }, message: text, author: ANA, by },
    });
  await wish('a wish', 'lead-ben');
  head = await wish('another', 'lead-ben');
  const asked = { repository: ORDERS, head: 'wish', user: 'dev-ana', title: 'A wish' };
  squashed = (await mergePullRequest(github.world, await github.openPullRequest(asked), {
    ...{ by: 'dev-ana', method: 'squash' },
  })) as string; // there is no conflict
  const ana = await stage.clientFor(github.world.users.get('dev-ana')?.token ?? '');
  await ana.rest.git.deleteRef({ owner: 'acme', repo: 'orders', ref: 'heads/wish' });
}, 30_000);
afterAll(() => stage.close());

const asJob = () => stage.asJob({ contents: 'read', 'pull-requests': 'read' });

it('a squashed commit names the pull request that it was, who opened it and the branch that was merged', async () => {
  expect(await pullRequests(await asJob()).mergedWith(ORDERS, squashed)).toEqual([
    {
      number: 1,
      openedBy: { id: 200010, login: 'dev-ana', bot: false },
      head: { repository: ORDERS, ref: 'refs/heads/wish', sha: head },
    },
  ]);
  expect(await pullRequests(await asJob()).mergedWith(ORDERS, stage.first)).toEqual([]);
});

it('an open pull request has brought nothing', async () => {
  const { github, orders } = stage;
  const files = { 'server.js': 'open' };
  const sha = await push(github.world, orders, {
    ...{ branch: 'open', from: stage.first, files, message: 'open', author: ANA, by: 'dev-ana' },
  });
  await github.openPullRequest({ repository: ORDERS, head: 'open', user: 'dev-ana', title: 'Open' });
  expect(await pullRequests(await asJob()).mergedWith(ORDERS, sha)).toEqual([]);
});

it('a job that may not read pull requests is told so, and not that there is none', async () => {
  const asked = pullRequests(await stage.asJob({ contents: 'read' })).mergedWith(ORDERS, squashed);
  await expect(asked).rejects.toThrow('Resource not accessible by integration');
});

it('the activity has the branch that was deleted, from its beginning to its end, and what was merged', async () => {
  const all = [];
  for await (const update of repositoryActivity(await asJob()).updatesOf(ORDERS)) all.push(update);
  const own = all.filter(({ ref }) => ref === 'refs/heads/wish');
  expect(own).toMatchObject([
    { after: '0'.repeat(40), forced: true, by: { login: 'dev-ana' } },
    { ...BEN_PUSHED, after: head, made: false, merged: false, forced: false },
    { ...BEN_PUSHED, before: '0'.repeat(40), made: true, merged: false, forced: false },
  ]);
  expect(all.filter(({ merged }) => merged)).toMatchObject([{ ref: 'refs/heads/main', after: squashed }]);
});
