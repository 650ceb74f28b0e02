import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CAUSE_CLASSES, causesOf, certainFailure, sayCause } from '../src/index.ts';
import { stoppedTask } from './a-task-definition.ts';

const app = (exitCode: number | undefined, reason?: string) => [
  { name: 'app', exitCode, reason, imageDigest: undefined },
];

test.each([
  ['crash', { containers: app(1) }],
  ['out-of-memory', { containers: app(137, 'OutOfMemoryError: Container killed due to memory usage') }],
  [
    'wrong-platform',
    {
      stopCode: 'TaskFailedToStart',
      stoppedReason:
        "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'",
    },
  ],
  [
    'image-pull-refused',
    {
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'CannotPullContainerError: pull image manifest: not found',
    },
  ],
  [
    'image-pull-failed',
    { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: i/o timeout' },
  ],
  [
    'secret-refused',
    {
      stopCode: 'TaskFailedToStart',
      stoppedReason:
        'ResourceInitializationError: unable to pull secrets: AccessDeniedException: not allowed',
    },
  ],
  [
    'start-resources-unreachable',
    {
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'ResourceInitializationError: context deadline exceeded',
    },
  ],
  [
    'target-unhealthy',
    {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed ELB health checks in (target-group x)',
    },
  ],
  ['container-unhealthy', { stoppedReason: 'Task failed container health checks' }],
  ['interrupted', { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' }],
  ['stopped-by-person', { stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user' }],
  ['other', { stopCode: undefined, stoppedReason: undefined, containers: [] }],
])('calls it %s', (name, facts) => {
  expect(causesOf([stoppedTask(1, facts)]).map((cause) => cause.class)).toEqual([name]);
});

test('a task that was scaled in is no cause at all', () => {
  const task = stoppedTask(1, {
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)',
  });
  expect(causesOf([task])).toEqual([]);
});

test('blames the container that died, not the sidecar that ECS ended after it', () => {
  const containers = [
    { name: 'sidecar', exitCode: 143, reason: undefined, imageDigest: undefined },
    { name: 'app', exitCode: 3, reason: undefined, imageDigest: undefined },
  ];
  expect(causesOf([stoppedTask(1, { containers })])[0]).toMatchObject({ container: 'app', exitCode: 3 });
});

test('takes stops that differ only in ids and numbers for one cause', () => {
  const reason = (id: string) =>
    `Task failed ELB health checks in (target-group arn:aws:elb:${id}) after ${id}`;
  const causes = causesOf([
    stoppedTask(1, { stoppedReason: reason('1a2b3c4d5e6f') }),
    stoppedTask(2, { stoppedReason: reason('9f8e7d6c5b4a') }),
  ]);
  expect(causes).toMatchObject([{ count: 2 }]);
});

test('two crashes with one exit code are enough, two with different codes are not', () => {
  const twice = causesOf([stoppedTask(1), stoppedTask(2)]);
  expect(certainFailure(twice, 0)).toMatchObject({ class: 'crash', exitCode: 1, count: 2 });
  expect(certainFailure(twice, 1)).toBeUndefined();
  expect(
    certainFailure(causesOf([stoppedTask(1), stoppedTask(2, { containers: app(2) })]), 0),
  ).toBeUndefined();
});

test('no number of interruptions, scale-ins or stops by a person ends a deployment', () => {
  const harmless = CAUSE_CLASSES.filter(({ certainty }) => !['certain', 'likely'].includes(certainty));
  expect(harmless.every(({ failAt }) => failAt === undefined)).toBe(true);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), (count) => {
      const stopped = Array.from({ length: count }, (_, i) =>
        stoppedTask(i, { stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user' }),
      );
      expect(certainFailure(causesOf(stopped), 0)).toBeUndefined();
    }),
  );
});

test('counts distinct tasks: every stopped task is in exactly one cause', () => {
  const reasons = fc.constantFrom(
    'Essential container in task exited',
    'CannotPullContainerError: denied',
    'odd',
  );
  fc.assert(
    fc.property(fc.array(reasons), (all) => {
      const causes = causesOf(all.map((stoppedReason, i) => stoppedTask(i, { stoppedReason })));
      expect(causes.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
    }),
  );
});

test('says what was seen and how often in one sentence', () => {
  const [cause] = causesOf([stoppedTask(1), stoppedTask(2)]);
  expect(cause && sayCause(cause)).toBe(
    '2 tasks: container app exited with code 1 (Essential container in task exited)',
  );
});

test('reads a reason that an image chose to be long, without holding up the deploy', () => {
  const command = `${'a'.repeat(100)}_`; // of the alphabet of ids, and no id
  const reason = `CannotStartContainerError: exec: "${command}": executable file not found`;
  const stopped = [1, 2].map((n) => stoppedTask(n, { containers: app(undefined, reason) }));
  expect(causesOf(stopped)).toMatchObject([{ class: 'command-not-started', count: 2 }]);
});
