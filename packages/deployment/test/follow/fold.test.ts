import { expect, test } from '@jest/globals';
import { fold } from '../../src/follow/fold.ts';
import { emptySnapshot, enoughHealthy, knownAt, type Snapshot } from '../../src/follow/snapshot.ts';
import type { ServiceDeployment, Task } from '../../src/observed.ts';
import { stoppedTask } from '../task-definition/a-task-definition.ts';

const OURS = 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:8';
const subject = {
  ref: {
    names: { cluster: 'acme-prod' },
    target: { account: '000011112222', region: 'eu-west-1', service: 'orders' },
  },
  start: { serviceDeployment: 'd', serviceRevision: 'r', taskDefinition: OURS, rollout: 'ecs-svc/2' },
  port: 8080,
};
const deployment = (more: Partial<ServiceDeployment> = {}) =>
  ({
    ...{ arn: 'd', status: 'IN_PROGRESS', strategy: 'CANARY', createdAt: 0 },
    tasks: { requested: 2, running: 2, pending: 0 },
    ...more,
  }) as ServiceDeployment; // the members that a fold reads
const task = (id: string, more: Partial<Task> = {}): Task => ({
  ...stoppedTask(1),
  arn: id,
  taskDefinition: OURS,
  startedBy: 'ecs-svc/2',
  lastStatus: 'RUNNING',
  address: `10.0.0.${id}`,
  ...more,
});
const target = (id: string, state: string, reason?: string) => ({
  ...{ address: `10.0.0.${id}`, port: 8080, state, reason, description: undefined },
});
const begun = fold(fold(emptySnapshot(subject), { kind: 'deployment', at: 0, deployment: deployment() }), {
  kind: 'groups',
  groups: ['group'],
});
const counted = (snapshot: Snapshot, at: number, ...targets: ReturnType<typeof target>[]) =>
  fold(snapshot, { kind: 'targets', at, running: [task('1'), task('2')], targets });

test('an answer makes a new snapshot and leaves the one before as it was', () => {
  const before = JSON.stringify(begun);
  const after = counted(begun, 5, target('1', 'healthy'), target('2', 'initial'));
  expect(after).toMatchObject({ healthy: 1, left: false, askedAt: { targets: 5, deployment: 0 } });
  expect(JSON.stringify(begun)).toBe(before);
  expect(enoughHealthy(after)).toBe(2);
});

test('a task that has left its target group is seen, and running tasks are asked for again', () => {
  const well = counted(begun, 5, target('1', 'healthy'), target('2', 'healthy'));
  expect(well.running).toMatchObject({ count: 2 });
  expect(counted(well, 10, target('1', 'healthy'))).toMatchObject({
    left: true,
    running: { tasks: [{ arn: '1' }], count: undefined },
    healthy: 1,
  });
});

test('targets that can never be healthy are lost only after the time that the strategy gives them', () => {
  const unused = [target('1', 'unused', 'Target.NotInUse'), target('2', 'healthy')] as const;
  const first = counted(begun, 1_000, ...unused);
  expect(knownAt(first, 1_000).suspect).toBe(true);
  expect(counted(first, 60_000, ...unused).lost).toBeUndefined();
  expect(counted(first, 61_000, ...unused).lost).toMatchObject({ tasks: ['1'] });
});

test('stopped tasks of others are never heard of again, and never count', () => {
  const listed = [task('8', { lastStatus: 'STOPPED' }), task('9', { startedBy: 'ecs-svc/9' })];
  const after = fold(begun, { kind: 'stopped', at: 5, tasks: listed });
  expect(after.stopped.map(({ arn }) => arn)).toEqual(['8']);
  expect([...after.over]).toEqual(['8', '9']);
});

test('what could not be read leaves what was known, and health is unknown then, never absent', () => {
  const well = counted(begun, 5, target('1', 'healthy'), target('2', 'healthy'));
  const blind = fold(well, { kind: 'unread', question: 'targets', at: 9, denied: true });
  expect(blind).toMatchObject({ healthy: undefined, deployment: well.deployment, askedAt: { targets: 9 } });
  expect([...blind.denied]).toEqual(['targets']);
});
