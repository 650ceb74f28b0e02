import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { passEnvironment, review } from '@tenant-delivery/local-github/world/approval';
import { finishRun, rerun } from '@tenant-delivery/local-github/world/run';
import { workflowRuns } from '../src/actions/workflow-runs.ts';
import { githubStage, ORDERS, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await githubStage();
  stage.github.setEnvironment(ORDERS, { name: 'acme-prod-approval', reviewers: [200001] });
});
afterAll(() => stage.close());

describe('runs', () => {
  it('show who approved what, as GitHub keeps it', async () => {
    const run = stage.newRun();
    const job = stage.newJob(run, 'orders / approve', {
      environment: { name: 'acme-prod-approval' },
    });
    const passed = passEnvironment(stage.github.world, job);
    review(stage.github.world, job, { state: 'approved', login: 'lead-ben', comment: 'go' });
    await passed;
    expect(await workflowRuns(await stage.asJob()).approvalsOf(ORDERS, String(run.id))).toEqual([
      {
        state: 'approved',
        by: { id: 200001, login: 'lead-ben' },
        comment: 'go',
        environments: ['acme-prod-approval'],
      },
    ]);
  });

  it('say who started each attempt, and whether that is a bot', async () => {
    const run = stage.newRun();
    rerun(stage.github.world, run, 'github-actions[bot]');
    const asked = async (attempt: number) =>
      workflowRuns(await stage.asJob()).startersOf(ORDERS, String(run.id), attempt);
    const ana = { id: 200010, login: 'dev-ana', bot: false };
    expect(await asked(1)).toEqual({ actor: ana, triggeringActor: ana });
    expect(await asked(2)).toMatchObject({ actor: ana, triggeringActor: { id: 41_898_282, bot: true } });
    await expect(asked(3)).rejects.toMatchObject({ code: 'GITHUB_PERMISSION_MISSING' });
  });

  it('are alive until they are completed, and a later attempt tells that an earlier one is over', async () => {
    const run = stage.newRun();
    const asked = workflowRuns(await stage.asJob());
    expect(await asked.stateOf(ORDERS, String(run.id))).toEqual({ kind: 'alive', attempt: 1 });
    finishRun(stage.github.world, run, 'failure');
    expect(await asked.stateOf(ORDERS, String(run.id))).toEqual({ kind: 'over', attempt: 1 });
    rerun(stage.github.world, run, 'dev-ana');
    expect(await asked.stateOf(ORDERS, String(run.id))).toEqual({ kind: 'alive', attempt: 2 });
    expect(await asked.stateOf(ORDERS, '1')).toBe('absent');
  });

  it('are asked for again when GitHub stumbles, and are unknown when it stays down', async () => {
    const run = stage.newRun();
    const path = `/repos/${ORDERS}/actions/runs/${run.id}`;
    const asked = workflowRuns(await stage.asJob());
    stage.github.fail({ path, kind: 'secondary-limit' });
    expect(await asked.stateOf(ORDERS, String(run.id))).toMatchObject({ kind: 'alive' });
    expect(stage.slept.length).toBe(1);
    for (const kind of ['server-error', 'reset'] as const) {
      stage.github.fail({ path, kind, times: 4 });
      await expect(asked.stateOf(ORDERS, String(run.id))).rejects.toMatchObject({
        code: 'GITHUB_UNAVAILABLE',
      });
    }
  });

  it('that a token may not see are a failure where somebody must be known', async () => {
    const runs = workflowRuns(await stage.asJob());
    await expect(runs.approvalsOf(ORDERS, '1')).rejects.toMatchObject({
      code: 'GITHUB_PERMISSION_MISSING',
      message: expect.stringContaining('/actions/runs/1/approvals: Not Found'),
    });
    const blind = workflowRuns(await stage.asJob({ contents: 'read' }));
    const run = String(stage.newRun().id);
    for (const asked of [() => blind.stateOf(ORDERS, run), () => blind.approvalsOf(ORDERS, run)])
      await expect(asked()).rejects.toMatchObject({ code: 'GITHUB_PERMISSION_MISSING' });
  });
});
