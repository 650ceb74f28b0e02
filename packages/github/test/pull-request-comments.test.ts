import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commitFiles } from '@tenant-delivery/local-github/git/write';
import { pullRequestComments } from '../src/issues/pull-request-comments.ts';
import { ANA, githubStage, ORDERS, type Stage } from './stage.ts';

const GATE_PERMISSIONS = { contents: 'read', 'pull-requests': 'write' } as const;

let stage: Stage;
beforeAll(async () => {
  stage = await githubStage();
});
afterAll(() => stage.close());

describe('a pull request', () => {
  it('has one comment for each service, rewritten in place, and never rewrites what a person wrote', async () => {
    const path = stage.path;
    await commitFiles(path, {
      branch: 'wish',
      from: 'main',
      files: { wish: '1' },
      message: 'Wish\n',
      author: ANA,
    });
    const pull = await stage.github.openPullRequest({
      repository: ORDERS,
      head: 'wish',
      user: 'dev-ana',
      title: 'Wish',
    });
    const forged = await fetch(`${stage.github.apiUrl}/repos/${ORDERS}/issues/${pull.number}/comments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stage.github.world.users.get('dev-ana')?.token}` },
      body: JSON.stringify({ body: '<!-- gate:orders -->\nmine' }),
    });
    expect(forged.status).toBe(201);
    const comments = pullRequestComments(await stage.asJob(GATE_PERMISSIONS));
    const address = await comments.keep(ORDERS, pull.number, 'gate:orders', 'first');
    await comments.keep(ORDERS, pull.number, 'gate:billing', 'other');
    expect(await comments.keep(ORDERS, pull.number, 'gate:orders', 'second')).toBe(address);
    const bodies = stage.github.world.repositories.get(ORDERS)?.comments.map(({ body }) => body);
    expect(bodies).toEqual([
      '<!-- gate:orders -->\nmine',
      '<!-- gate:orders -->\nsecond',
      '<!-- gate:billing -->\nother',
    ]);
    await expect(
      pullRequestComments(await stage.asJob()).keep(ORDERS, pull.number, 'gate:orders', 'third'),
    ).rejects.toMatchObject({ code: 'GITHUB_PERMISSION_MISSING' });
  });

  it('keeps its one comment behind a hundred others, and cuts what GitHub would refuse as too long', async () => {
    const pull = await stage.github.openPullRequest({
      repository: ORDERS,
      head: 'wish',
      user: 'dev-ana',
      title: 'More',
    });
    const comments = pullRequestComments(await stage.asJob(GATE_PERMISSIONS));
    for (let n = 0; n < 100; n += 1) await comments.keep(ORDERS, pull.number, `gate:other-${n}`, 'other');
    const address = await comments.keep(ORDERS, pull.number, 'gate:orders', 'first');
    expect(await comments.keep(ORDERS, pull.number, 'gate:orders', 'x'.repeat(70_000))).toBe(address);
    const last = stage.orders.comments.at(-1)?.body ?? '';
    expect(last.length).toBeLessThanOrEqual(65_536);
    expect(last).toContain('Cut here');
  });

  it('is not known to have its comment where the answer is lost', async () => {
    const pull = await stage.github.openPullRequest({
      repository: ORDERS,
      head: 'wish',
      user: 'dev-ana',
      title: 'Lost',
    });
    const comments = pullRequestComments(await stage.asJob(GATE_PERMISSIONS));
    const path = `/repos/${ORDERS}/issues/${pull.number}/comments`;
    stage.github.fail({ method: 'POST', path, kind: 'reset-after-effect' });
    const kept = comments.keep(ORDERS, pull.number, 'gate:orders', 'first');
    await expect(kept).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
    await comments.keep(ORDERS, pull.number, 'gate:orders', 'second'); // finds the one that was made
    const bodies = stage.orders.comments.filter(({ issue }) => issue === pull.number).map(({ body }) => body);
    expect(bodies).toEqual(['<!-- gate:orders -->\nsecond']);
  });
});
