import { expect, test } from '@jest/globals';
import { resumeChange } from '@tenant-delivery/delivery/change';
import { takeDeployLock } from '@tenant-delivery/delivery/deploy-lock';
import { takePlace } from '@tenant-delivery/delivery/take-place';
import { type InMemoryDelivery, ORDERS_IMAGE } from '@tenant-delivery/delivery/test/in-memory-delivery';
import type { ServiceReader } from '@tenant-delivery/deployment/ports';
import { type ChangeKind, type ChangeState, formatImage } from '@tenant-delivery/domain';
import { lockKey } from '@tenant-delivery/evidence/lock-record';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import { sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { aDeploy, anApprovedDeploy, codeOf } from '../a-deploy.ts';
import type { Moment } from '../an-ecs.ts';

const CRASHING = (seconds: number): Moment => ({
  status: 'IN_PROGRESS',
  crashed: Math.floor(seconds / 20),
  breaker: { status: 'MONITORING', failures: Math.floor(seconds / 20), threshold: 3 },
});

test('does what was approved with one registration and one update, and leaves the change to be verified', async () => {
  const { act, ecs, stateOf, report } = await anApprovedDeploy();
  const { outcome, runner } = await act('deploy');
  expect(outcome).toMatchObject({ outcome: 'deployed', reasonCode: 'OK', ok: true });
  expect(ecs.calls).toEqual(['register', 'update']);
  expect(await stateOf()).toBe('deploying');
  expect(await report(runner)).toMatchObject({
    outcome: 'deployed',
    image: formatImage(ORDERS_IMAGE),
    serviceDeployment: 'deployment-2',
    rollout: 'ecs-svc/2',
    zones: { 'eu-west-1a': 1, 'eu-west-1b': 1 },
  });
  expect(ecs.definitions.get(ecs.service().taskDefinition)?.tags).toEqual([{ key: 'tenant', value: 'acme' }]);
});

/** The questions that ECS is asked from here on, with what they name. */
function questionsOf(services: ServiceReader): string[] {
  const asked: string[] = [];
  for (const name of ['taskDefinition', 'service', 'tasks', 'deployments'] as const) {
    const ask = services[name] as (...of: unknown[]) => Promise<unknown>;
    Object.assign(services, {
      [name]: (...of: unknown[]) => {
        asked.push(
          name === 'tasks' ? `tasks ${of[2]}` : name === 'taskDefinition' ? `${name} ${of[0]}` : name,
        );
        return ask(...of);
      },
    });
  }
  return asked;
}

test('asks for the newest revision once: it is what the service runs, and shows that nothing is registered yet', async () => {
  const made = await anApprovedDeploy();
  const asked = questionsOf(made.ecs.services);
  await made.act('deploy');
  expect(asked.filter((each) => each.startsWith('taskDefinition'))).toEqual([
    'taskDefinition acme-prod-orders',
  ]);
  expect(asked.filter((each) => each === 'service').length).toBeLessThanOrEqual(4); // at first, before the update, on the way, at the end
});

test('asks for the tasks by zone only if following has not seen all that run', async () => {
  const seen = await anApprovedDeploy();
  const asked = questionsOf(seen.ecs.services);
  await seen.act('deploy');
  expect(asked.filter((each) => each === 'tasks RUNNING')).toHaveLength(1);
  const late = await anApprovedDeploy({
    script: (seconds) =>
      seconds < 10 ? { status: 'IN_PROGRESS' } : { status: 'SUCCESSFUL', running: 2, healthy: 2 },
  });
  const { runner } = await late.act('deploy');
  expect((await late.report(runner)).zones).toEqual({ 'eu-west-1a': 1, 'eu-west-1b': 1 });
});

test('says each state once, however often it looks', async () => {
  const { act } = await anApprovedDeploy();
  const { runner } = await act('deploy');
  const states = runner.log.filter((line) => /IN_PROGRESS|SUCCESSFUL/.test(line));
  expect(new Set(states).size).toBe(states.length);
  expect([...new Set(states.map((line) => line.split(',')[0]))]).toEqual([
    'IN_PROGRESS: 0 of 2 new tasks running',
    'IN_PROGRESS: 2 of 2 new tasks running',
    'SUCCESSFUL: 2 of 2 new tasks running',
  ]);
});

test.each([31, 44, 58])(
  'notices within five seconds a deployment that is finished after %d s',
  async (seconds) => {
    const { act, clock, report } = await anApprovedDeploy({
      script: (now) => ({ status: now < seconds ? 'IN_PROGRESS' : 'SUCCESSFUL', running: 2, healthy: 2 }),
    });
    const before = clock.now();
    const { runner } = await act('deploy');
    const took = Date.parse((await report(runner)).finishedAt) - before;
    expect(took).toBeGreaterThanOrEqual(seconds * 1000);
    expect(took).toBeLessThanOrEqual((seconds + 5) * 1000);
  },
);

test('a crash loop is stopped within 15 s of the second dead task, rolled back, and explained', async () => {
  const made = await anApprovedDeploy({ script: CRASHING });
  made.log['any'] = ['starting', '::error::not a command', 'Error: DATABASE_URL is not set'];
  const begun = made.clock.now();
  const { outcome, runner } = await made.act('deploy');
  expect(outcome).toMatchObject({ outcome: 'rolled-back', reasonCode: 'DEPLOYMENT_ROLLED_BACK', ok: false });
  expect(made.ecs.calls).toEqual(['register', 'update', 'rollBack']);
  expect((made.ecs.made[0]?.stoppedAt ?? 0) - begun).toBeLessThanOrEqual(55_000);
  expect(await made.stateOf()).toBe('rolled-back');
  const told = runner.log.join('\n');
  expect(told).toContain('exit code 3');
  expect(told).toContain('Error: DATABASE_URL is not set');
  expect(outcome.summary).toContain('Error: DATABASE_URL is not set');
  expect(outcome.remedy).toContain('last log lines');
  expect(await made.report(runner)).toMatchObject({ causes: [{ class: 'crash', count: 2, exitCode: 3 }] });
});

test("another deployment's dead tasks are not held against this one", async () => {
  const { act } = await anApprovedDeploy(); // the double always lists two dead tasks of the version before
  expect((await act('deploy')).outcome.outcome).toBe('deployed');
});

test('a deployment with a healthy task is left to ECS, however many tasks have died', async () => {
  const made = await anApprovedDeploy({
    script: (seconds) =>
      seconds < 100
        ? { status: 'IN_PROGRESS', crashed: 4, healthy: 1, running: 1 }
        : { status: 'SUCCESSFUL', running: 2, healthy: 2 },
  });
  expect((await made.act('deploy')).outcome.outcome).toBe('deployed');
});

test.each<[string, string, Moment]>([
  ['rolled-back', 'rolled-back', { status: 'ROLLBACK_SUCCESSFUL', reason: 'circuit breaker' }],
  ['rollback-failed', 'failed', { status: 'ROLLBACK_FAILED' }],
  ['failed', 'failed', { status: 'STOPPED', reason: 'tasks failed to start' }],
  [
    'superseded',
    'abandoned',
    { status: 'STOPPED', reason: 'Service deployment was replaced by a new service deployment.' },
  ],
])('ends as %s with the change %s', async (outcome, state, moment) => {
  const made = await anApprovedDeploy({
    script: (seconds) => (seconds < 20 ? { status: 'IN_PROGRESS' } : moment),
  });
  const told = await made.act('deploy');
  expect(told.outcome).toMatchObject({ outcome, ok: false });
  expect(await made.stateOf()).toBe(state);
});

test('a deployment that is not done in time is stopped and rolled back', async () => {
  const made = await anApprovedDeploy({ script: () => ({ status: 'IN_PROGRESS', running: 1 }) });
  const { outcome } = await made.act('deploy');
  expect(outcome.outcome).toBe('timed-out');
  expect(made.ecs.calls).toEqual(['register', 'update', 'rollBack']);
  expect(await made.stateOf()).toBe('rolled-back');
});

test('a rollback that does not land in 15 minutes is told as failed, loudly', async () => {
  const made = await anApprovedDeploy({ script: CRASHING });
  made.ecs.state.rollback = 'hangs';
  const { outcome } = await made.act('deploy');
  expect(outcome).toMatchObject({ outcome: 'rollback-failed', reasonCode: 'ROLLBACK_FAILED' });
});

test('refuses a plan that is not what would happen now, and says in what', async () => {
  const made = await anApprovedDeploy();
  const other = made.ecs.define(made.ecs.document(`127.0.0.1:5000/acme/orders@sha256:${'7'.repeat(64)}`));
  made.ecs.state.over = { taskDefinition: other.arn };
  await expect(made.act('deploy')).rejects.toMatchObject({
    code: 'PLAN_CHANGED',
    message: expect.stringMatching(
      /^A deploy would now do something else than was approved, because somebody has changed the service outside of the record/,
    ),
    details: expect.arrayContaining([expect.stringContaining('taskDefinition.from: approved')]),
  });
  expect(made.ecs.calls).toEqual([]);
  expect(await made.stateOf()).toBe('approved');
  expect(await holderOfTheLock(made.delivery)).toBeNull();
});

test.each<[ChangeKind, ChangeState]>([
  ['deploy', 'closed'],
  ['rollback', 'closed'],
  ['promotion', 'verified'],
])('names the %s that has changed the service since the plan', async (kind, state) => {
  const made = await anApprovedDeploy();
  await made.clock.sleep(1000);
  const mover = await made.bring(state, kind);
  await made.clock.sleep(1000);
  const other = made.ecs.define(made.ecs.document(`127.0.0.1:5000/acme/orders@sha256:${'7'.repeat(64)}`));
  made.ecs.state.over = { taskDefinition: other.arn };
  await expect(made.act('deploy')).rejects.toMatchObject({
    code: 'PLAN_CHANGED',
    message: expect.stringContaining(
      `because ${mover} (${kind}, ${state}, run 9001 of acme/orders) has changed the service since it was planned: `,
    ),
  });
});

test('does not name a change that deployed before the plan and was closed after it', async () => {
  const made = await aDeploy();
  const before = await made.bring('verified');
  await made.clock.sleep(1000);
  await made.act('plan');
  await made.approve(made.change);
  await made.clock.sleep(1000);
  await (await made.delivery.find(before, 'deploy')).append('closed');
  const other = made.ecs.define(made.ecs.document('theirs'));
  made.ecs.state.over = { taskDefinition: other.arn };
  await expect(made.act('deploy')).rejects.toMatchObject({
    code: 'PLAN_CHANGED',
    message: expect.stringContaining('outside of the record'),
  });
});

test('deploys nothing whose place another change took', async () => {
  const made = await anApprovedDeploy();
  const newer = { runId: '9002' };
  const second = await made.delivery.bring('planned', { claims: newer });
  const gate = made.delivery.as('gate', { claims: newer });
  const admission = await made.delivery.admission();
  await takePlace(gate, admission, await resumeChange(gate, admission, second));
  await expect(made.act('deploy')).rejects.toMatchObject({
    code: 'CHANGE_SUPERSEDED',
    message: expect.stringContaining(`${second} (run 9002 of acme/orders, commit `),
  });
  expect(made.ecs.calls).toEqual([]);
  expect(await made.stateOf()).toBe('withdrawn');
});

test('deploys nothing that no approval names', async () => {
  const made = await aDeploy();
  await made.act('plan');
  expect(await codeOf(made.act('deploy'))).toBe('PLAN_NOT_APPROVED');
  expect(made.ecs.calls).toEqual([]);
});

test('an approval is good for as many days as the contract says', async () => {
  const made = await anApprovedDeploy({ verdict: { validUntil: '2027-11-25T09:00:00Z' } });
  await made.clock.sleep(7 * 24 * 3_600_000);
  expect(await codeOf(made.act('deploy'))).toBe('PLAN_NOT_APPROVED');
});

test('a verdict that ran out after the approval deploys nothing', async () => {
  const made = await anApprovedDeploy();
  await made.clock.sleep(24 * 3_600_000);
  await expect(made.act('deploy')).rejects.toMatchObject({
    code: 'VERDICT_UNUSABLE',
    message: expect.stringContaining('it was good until 2026-11-25T09:00:00'),
  });
  expect(made.ecs.calls).toEqual([]);
});

test('another deployment in progress is waited for by people, not overtaken', async () => {
  const made = await anApprovedDeploy();
  const [primary] = made.ecs.service().deployments;
  if (!primary) throw new Error('the double has a primary deployment');
  made.ecs.state.over = { deployments: [{ ...primary, rolloutState: 'IN_PROGRESS' }] };
  expect(await codeOf(made.act('deploy'))).toBe('DEPLOYMENT_IN_PROGRESS');
  expect(made.ecs.calls).toEqual([]);
});

test('says who holds the lock, and sends nothing', async () => {
  const made = await anApprovedDeploy();
  made.ecs.faults.push({ call: 'update', when: 'before' });
  await made.act('deploy').catch(() => undefined);
  const second = await made.bring('gated');
  await made.act('plan', { change: second });
  await made.approve(second);
  await expect(made.act('deploy', { change: second })).rejects.toMatchObject({
    code: 'LOCK_HELD',
    message: expect.stringContaining(made.change),
  });
  expect(made.ecs.calls).toEqual(['register']);
});

test('a service that runs the approved image by now is left alone', async () => {
  const made = await anApprovedDeploy();
  const same = made.ecs.define(made.ecs.document(formatImage(ORDERS_IMAGE)));
  made.ecs.state.over = { taskDefinition: same.arn };
  const { outcome, runner } = await made.act('deploy');
  expect(outcome).toMatchObject({ outcome: 'unchanged', ok: true });
  expect(made.ecs.calls).toEqual([]);
  expect(await made.report(runner)).toMatchObject({ outcome: 'unchanged', taskDefinition: same.arn });
});

test('an update whose answer was lost is looked for, not sent again', async () => {
  const made = await anApprovedDeploy();
  made.ecs.state.unanswered = true;
  const { outcome } = await made.act('deploy');
  expect(outcome.outcome).toBe('deployed');
  expect(made.ecs.calls.filter((call) => call === 'update')).toHaveLength(1);
});

test('a cancelled run stops looking at once and records what it leaves behind', async () => {
  const made = await anApprovedDeploy();
  const runner = fakeRunner();
  const begun = made.clock.now();
  made.clock.at(12_000, () => runner.cancel());
  const { outcome } = await made.act('deploy', { runner });
  expect(outcome).toMatchObject({ outcome: 'cancelled', ok: false });
  expect(made.clock.now() - begun).toBeLessThanOrEqual(15_000);
  expect(await made.stateOf()).toBe('abandoned');
  expect(runner.summaries.join()).toContain('deployment-2');
  expect(made.ecs.calls).toEqual(['register', 'update']);
});

test('a cancelled job that is killed while it records has told its outcome and what it leaves behind', async () => {
  const made = await anApprovedDeploy();
  const runner = fakeRunner();
  made.clock.at(12_000, () => {
    runner.cancel();
    Object.assign(made.delivery.vault, { create: () => Promise.reject(new Error('the runner killed it')) });
  });
  await expect(made.act('deploy', { runner })).rejects.toThrow('the runner killed it');
  expect(runner.outputs).toMatchObject({
    outcome: 'cancelled',
    'reason-code': 'DEPLOYMENT_CANCELLED',
    result: expect.stringContaining('deployment-2'),
  });
  expect(runner.summaries.join()).toContain('left behind: IN\\_PROGRESS');
  expect(runner.log.join('\n')).toContain('left behind: IN_PROGRESS');
});

test('an update that never arrived is said to be missing, and a second attempt sends it', async () => {
  const made = await anApprovedDeploy();
  Object.assign(made.ecs.state, { unanswered: true, lost: true });
  expect(await codeOf(made.act('deploy'))).toBe('UPDATE_UNANSWERED');
  Object.assign(made.ecs.state, { unanswered: false, lost: false });
  expect((await made.act('deploy', { attempt: 2 })).outcome.outcome).toBe('deployed');
  expect(made.ecs.definitions.size).toBe(2);
});

test('an update that never arrived is not sent once the approval has run out, or under another contract', async () => {
  const made = await anApprovedDeploy({ verdict: { validUntil: '2027-11-25T09:00:00Z' } });
  Object.assign(made.ecs.state, { unanswered: true, lost: true });
  expect(await codeOf(made.act('deploy'))).toBe('UPDATE_UNANSWERED');
  Object.assign(made.ecs.state, { unanswered: false, lost: false });
  const sent = made.ecs.calls.length;

  const { vault, contract, signers } = made.delivery;
  const inForce = await vault.read(contractKey('prod'));
  const renewed = await sealContract({ ...contract, serial: 2 }, signers.contract);
  const now = await vault.replace(contractKey('prod'), renewed, inForce?.version ?? '');
  expect(await codeOf(made.act('deploy', { attempt: 2 }))).toBe('CONTRACT_CHANGED');

  const version = typeof now === 'string' ? '' : now.version;
  await vault.replace(contractKey('prod'), inForce?.bytes ?? new Uint8Array(), version);
  await made.clock.sleep(7 * 24 * 3_600_000);
  expect(await codeOf(made.act('deploy', { attempt: 3 }))).toBe('PLAN_NOT_APPROVED');
  expect(made.ecs.calls.length).toBe(sent);
});

test('never follows another deployment when its own is not listed', async () => {
  const made = await anApprovedDeploy();
  made.ecs.state.listed = false;
  expect(await codeOf(made.act('deploy'))).toBe('DEPLOYMENT_NOT_FOUND');
  made.ecs.state.listed = true;
  expect((await made.act('deploy', { attempt: 2 })).outcome.outcome).toBe('deployed');
  expect(made.ecs.calls).toEqual(['register', 'update']);
});

test('a job that is repeated after its change was verified hands on the report', async () => {
  const made = await anApprovedDeploy();
  const { runner } = await made.act('deploy');
  const report = runner.outputs['report'] as `sha256:${string}`; // the output is a digest
  await (await made.delivery.find(made.change, 'deploy')).append('verified', { evidence: { report } });
  const again = await made.act('deploy', { attempt: 2 });
  expect(again.outcome).toMatchObject({ outcome: 'unchanged', ok: true });
  expect(again.runner.outputs['report']).toBe(report);
});

test('a run that was silent for too long sends no update once another has the lock', async () => {
  const made = await anApprovedDeploy({ verdict: { validUntil: '2027-11-25T09:00:00Z' } });
  let other = '';
  made.ecs.state.meanwhile = async () => {
    made.ecs.state.meanwhile = async () => {};
    other = await made.bring('gated');
    await made.act('plan', { change: other });
    await made.approve(other);
    await made.clock.sleep(16 * 60_000);
    const world = made.delivery.as('deploy', { claims: { runId: '9002' } });
    await takeDeployLock(world, await made.delivery.admission(), await made.delivery.find(other, 'deploy'));
  };
  const lost = await made.act('deploy').catch((thrown: unknown) => thrown);
  expect(lost).toMatchObject({ code: 'LOCK_LOST', message: expect.stringContaining(other) });
  expect(made.ecs.calls).toEqual(['register']);
});

test('a service that somebody changed while this run prepared is not updated over their head', async () => {
  const made = await anApprovedDeploy();
  made.ecs.state.meanwhile = async () => {
    const theirs = made.ecs.define(made.ecs.document('theirs'));
    made.ecs.state.over = { taskDefinition: theirs.arn };
  };
  expect(await codeOf(made.act('deploy'))).toBe('PLAN_CHANGED');
  expect(made.ecs.calls).toEqual(['register']);
});

test('what could not be seen for a while decides nothing', async () => {
  const made = await anApprovedDeploy();
  made.ecs.state.blind = Array.from({ length: 6 }, () => 'AWS_UNAVAILABLE');
  expect((await made.act('deploy')).outcome.outcome).toBe('deployed');
});

test('a session that ends while following is fatal at once', async () => {
  const made = await anApprovedDeploy();
  made.ecs.state.blind = ['AWS_SESSION_EXPIRED'];
  const begun = made.clock.now();
  expect(await codeOf(made.act('deploy'))).toBe('AWS_SESSION_EXPIRED');
  expect(made.clock.now()).toBe(begun);
});

test('a service that nobody has deployed for a year is deployed like any other', async () => {
  const made = await anApprovedDeploy(); // the double's first deployment is of 1970, and it refuses to list so far back
  expect((await made.act('deploy')).outcome.outcome).toBe('deployed');
});

test('a registration whose answer was lost is looked for, not made again', async () => {
  const made = await anApprovedDeploy();
  made.ecs.state.registrationLost = 'answer';
  expect((await made.act('deploy')).outcome.outcome).toBe('deployed');
  expect(made.ecs.calls).toEqual(['register', 'update']);
  expect(made.ecs.definitions.size).toBe(2);
});

test('a registration that never arrived is said to be missing, and nothing is updated', async () => {
  const made = await anApprovedDeploy();
  made.ecs.state.registrationLost = 'all';
  expect(await codeOf(made.act('deploy'))).toBe('REGISTRATION_UNANSWERED');
  expect(made.ecs.calls).toEqual(['register']);
  made.ecs.state.registrationLost = undefined;
  expect((await made.act('deploy', { attempt: 2 })).outcome.outcome).toBe('deployed');
});

test('the plan says that nothing would stop a failing deployment once the run is over', async () => {
  const made = await aDeploy();
  const deploymentCircuitBreaker = { enable: true, rollback: false };
  made.ecs.state.over = {
    breaker: { enabled: true, rollback: false },
    document: { ...made.ecs.service().document, deploymentConfiguration: { deploymentCircuitBreaker } },
  };
  const { runner } = await made.act('plan');
  expect(runner.log.join('\n')).toContain('✗ breaker: enabled, without rollback');
});

async function holderOfTheLock({ vault }: InMemoryDelivery): Promise<unknown> {
  const stored = await vault.read(lockKey('prod', 'orders'));
  return JSON.parse(Buffer.from(stored?.bytes ?? []).toString()).holder;
}
