import { expect, test } from '@jest/globals';
import { ORDERS_IMAGE } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { takeLock } from '@tenant-delivery/evidence/lock';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { anApprovedDeploy, codeOf } from '../a-deploy.ts';
import type { Moment } from '../an-ecs.ts';

const CRASHING = (seconds: number): Moment => ({ status: 'IN_PROGRESS', crashed: Math.floor(seconds / 20) });
const PAUSE = { id: 'hook-1', status: 'AWAITING_ACTION', expiresAt: undefined, timeoutAction: 'ROLLBACK' };

test('on-failure: report leaves a deployment that cannot end well to ECS', async () => {
  const made = await anApprovedDeploy({ script: CRASHING });
  const { outcome } = await made.act('deploy', { inputs: { 'on-failure': 'report' } });
  expect(outcome).toMatchObject({ outcome: 'failed', ok: false });
  expect(made.ecs.calls).toEqual(['register', 'update']);
});

test.each([
  ['leave', ['register', 'update']],
  ['rollback', ['register', 'update', 'rollBack']],
])('on-cancel: %s sends %j', async (way, calls) => {
  const made = await anApprovedDeploy();
  const runner = fakeRunner();
  made.clock.at(12_000, () => runner.cancel());
  const { outcome } = await made.act('deploy', { runner, inputs: { 'on-cancel': way } });
  expect(outcome.outcome).toBe('cancelled');
  expect(made.ecs.calls).toEqual(calls);
});

test('a run ends at a pause without failing, and a later one answers it and follows on', async () => {
  const box: { answered: () => boolean } = { answered: () => false };
  const script = (seconds: number): Moment => {
    if (box.answered()) return { status: 'SUCCESSFUL', running: 2, healthy: 2 };
    return seconds < 10 ? { status: 'IN_PROGRESS' } : { status: 'IN_PROGRESS', running: 2, hooks: [PAUSE] };
  };
  const made = await anApprovedDeploy({ script });
  box.answered = () => made.ecs.state.answered;
  const paused = await made.act('deploy');
  expect(paused.outcome).toMatchObject({ outcome: 'paused', ok: true });
  expect(paused.runner.outputs['hook']).toBe('hook-1');
  expect(await made.stateOf()).toBe('deploying');
  const inputs = { resume: 'continue', hook: 'hook-1' };
  const resumed = await made.act('deploy', { attempt: 2, inputs });
  expect(resumed.outcome).toMatchObject({ outcome: 'deployed', ok: true });
  expect(made.ecs.calls).toEqual(['register', 'update', 'CONTINUE hook-1']);
});

test('an answer that ECS refuses leaves the pause to the next one: the change goes on, and nobody is kept away', async () => {
  const made = await anApprovedDeploy({
    script: (seconds) =>
      seconds < 10 ? { status: 'IN_PROGRESS' } : { status: 'IN_PROGRESS', running: 2, hooks: [PAUSE] },
  });
  await made.act('deploy');
  made.ecs.deployer.resume = async () => ({ refused: 'not yours' });
  const inputs = { resume: 'continue', hook: 'hook-1' };
  expect(await codeOf(made.act('deploy', { attempt: 2, inputs }))).toBe('RESUME_REFUSED');
  expect(await made.stateOf()).toBe('deploying');
  const { vault, clock } = made.delivery;
  const next = {
    change: made.change,
    repository: 'acme/operations',
    repositoryId: '2',
    runId: '77',
    runAttempt: 1,
  };
  const place = { vault, clock, environment: 'prod', service: 'orders', lease: 60_000 };
  await expect(takeLock(place, next, async () => {})).resolves.toBeDefined();
});

test('a change that waits at a pause is ended by the next one that deploys over it, and by none that is refused', async () => {
  const made = await anApprovedDeploy({
    script: (seconds) =>
      seconds < 10 ? { status: 'IN_PROGRESS' } : { status: 'IN_PROGRESS', running: 2, hooks: [PAUSE] },
  });
  await made.act('deploy');
  const image = { ...ORDERS_IMAGE, digest: `sha256:${'7'.repeat(64)}` } as const;
  const next = await made.bring('gated', 'deploy', image);
  await made.act('plan', { change: next });
  await made.approve(next);
  expect(await codeOf(made.act('deploy', { change: next }))).toBe('DEPLOYMENT_IN_PROGRESS');
  expect(await made.stateOf()).toBe('deploying');
  const replace = { 'if-in-progress': 'replace' };
  expect((await made.act('deploy', { change: next, inputs: replace })).outcome.outcome).toBe('paused');
  expect((await made.delivery.find(made.change)).events.at(-1)).toMatchObject({
    transition: { to: 'abandoned' },
    decision: { reasons: ['SUPERSEDED_WHILE_OPEN'], note: expect.stringContaining(next) },
  });
});

test('an answer to a pause begins nothing', async () => {
  const made = await anApprovedDeploy();
  const inputs = { resume: 'continue', hook: 'hook-1' };
  expect(await codeOf(made.act('deploy', { inputs }))).toBe('RESUME_REFUSED');
  expect(made.ecs.calls).toEqual([]);
  expect(await made.stateOf()).toBe('approved');
  expect(await made.delivery.vault.list('locks/')).toEqual([]); // who takes it ends a bake
});

test('a role that may not list service deployments is told so before the update, and follows what it can see', async () => {
  const made = await anApprovedDeploy();
  made.ecs.state.denied = true;
  const { outcome, runner } = await made.act('deploy');
  expect(outcome).toMatchObject({ outcome: 'deployed', ok: true });
  const [denied] = runner.log.filter((line) => line.includes('ecs:ListServiceDeployments'));
  expect(runner.log.indexOf(denied ?? '')).toBeLessThan(
    runner.log.findIndex((line) => /now rolls to/.test(line)),
  );
  expect(await made.report(runner)).toMatchObject({ serviceDeployment: null, rollout: 'ecs-svc/2' });
});

test('such a role, too, follows what an earlier attempt began', async () => {
  const made = await anApprovedDeploy();
  made.ecs.state.denied = true;
  made.ecs.faults.push({ call: 'update', when: 'after' });
  await expect(made.act('deploy')).rejects.toThrow('the machine died');
  expect((await made.act('deploy', { attempt: 2 })).outcome.outcome).toBe('deployed');
  expect(made.ecs.calls).toEqual(['register', 'update']);
});
