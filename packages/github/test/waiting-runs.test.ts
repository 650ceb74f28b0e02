import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startJob } from '@tenant-delivery/local-github/world/job';
import { finishRun } from '@tenant-delivery/local-github/world/run';
import { holdersOf } from '../src/actions/waiting-runs.ts';
import { githubStage, ORDERS, type Stage } from './stage.ts';

let stage: Stage;
const soon = () => new Date(Date.now() + 60_000).toISOString();
beforeAll(async () => {
  stage = await githubStage();
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.orders.runs.length = 0;
});

describe('runs that may hold what was read', () => {
  it('are counted on every page, and five of them named', async () => {
    const github = await stage.asApp({ actions: 'read' });
    for (let n = 0; n < 105; n += 1) stage.newRun();
    finishRun(stage.github.world, stage.newRun(), 'success');
    const holders = await holdersOf(github, [ORDERS], soon(), 'queued');
    expect([holders.count, holders.examples.length]).toEqual([105, 5]);
  });

  it('are those with a job that began by then, where jobs read, on whatever page it is', async () => {
    const github = await stage.asApp({ actions: 'read' });
    const run = stage.newRun();
    for (let n = 0; n < 100; n += 1) stage.newJob(run, `waits ${n}`);
    stage.newRun();
    expect(await holdersOf(github, [ORDERS], soon(), 'job-started')).toMatchObject({ count: 0 });
    startJob(stage.github.world, stage.newJob(run, 'the last'));
    expect(await holdersOf(github, [ORDERS], soon(), 'job-started')).toMatchObject({ count: 1 });
  });

  it('are unknown, and not none, where GitHub does not show them', async () => {
    const github = await stage.asApp({ actions: 'read' });
    stage.github.fail({ path: `/repos/${ORDERS}/actions/runs`, kind: 'server-error', nth: 3, times: 4 });
    const down = holdersOf(github, [ORDERS], soon(), 'queued');
    await expect(down).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
    const hidden = holdersOf(github, [ORDERS, 'acme/hidden'], soon(), 'queued');
    await expect(hidden).rejects.toMatchObject({ code: 'GITHUB_PERMISSION_MISSING' });
  });
});
