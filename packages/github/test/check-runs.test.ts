import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkRuns } from '../src/commits/check-runs.ts';
import { githubStage, ORDERS, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await githubStage();
});
afterAll(() => stage.close());

describe('a commit', () => {
  const complete = async (
    more: object = {},
    permissions: Parameters<Stage['asJob']>[0] = { checks: 'write' },
  ) =>
    checkRuns(await stage.asJob(permissions)).complete(ORDERS, {
      name: 'release gate (acme/prod/orders)',
      sha: stage.first,
      conclusion: 'failure',
      title: 'Refused',
      summary: 'why',
      ...more,
    });

  it('has one check for each service', async () => {
    await complete();
    expect(stage.orders.checkRuns.at(-1)).toMatchObject({
      name: 'release gate (acme/prod/orders)',
      conclusion: 'failure',
      headSha: stage.first,
    });
  });

  it('gets a summary cut to what GitHub takes', async () => {
    await complete({ summary: 'x'.repeat(70_000) });
    expect(stage.orders.checkRuns.at(-1)?.summary).toHaveLength(65_000);
  });

  it('gets no check where the token may not, or where it is not in the repository', async () => {
    const before = stage.orders.checkRuns.length;
    for (const asked of [() => complete({}, { contents: 'read' }), () => complete({ sha: 'd'.repeat(40) })])
      await expect(asked()).rejects.toMatchObject({ code: 'GITHUB_PERMISSION_MISSING' });
    expect(stage.orders.checkRuns).toHaveLength(before);
  });

  it('gets it once where the answer is lost', async () => {
    const before = stage.orders.checkRuns.length;
    stage.github.fail({ method: 'POST', path: `/repos/${ORDERS}/check-runs`, kind: 'reset-after-effect' });
    await expect(complete()).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
    expect(stage.orders.checkRuns).toHaveLength(before + 1);
  });
});
