import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { causesOf, certainFailure, essentialContainers, sayCause } from '../../src/cause/causes.ts';
import { CAUSE_CLASSES } from '../../src/cause/classes.ts';
import { describedTaskDefinition, stoppedTask } from '../task-definition/a-task-definition.ts';

const app = (exitCode: number | undefined, reason?: string) => [
  { name: 'app', exitCode, reason, imageDigest: undefined },
];

const DIGEST = `sha256:${'404'.repeat(21)}0`; // digits of a digest are no status
const IMAGE = `000011112222.dkr.ecr.eu-west-1.amazonaws.com/acme/orders@${DIGEST}`;
const pull = (said: string) => `CannotPullContainerError: ${said}`;
const start = (said: string) =>
  `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ${said}`;

/** Words as AWS writes them ("Amazon ECS stopped task error messages", the agent's sources, public issues). */
test.each<readonly [string, string, Parameters<typeof stoppedTask>[1]]>([
  ['crash', 'certain', { containers: app(1) }],
  ['crash', 'certain', { containers: app(139) }],
  ['finished', 'certain', { containers: app(0) }],
  ['killed', 'likely', { containers: app(137) }],
  [
    'out-of-memory',
    'certain',
    { containers: app(137, 'OutOfMemoryError: Container killed due to memory usage') },
  ],
  ...(
    [
      [
        'wrong-platform',
        'certain',
        pull(
          "pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'.",
        ),
      ],
      ['wrong-platform', 'certain', pull('failed to find a descriptor for platform {linux/amd64}')],
      [
        'wrong-platform',
        'certain',
        pull('ref pull has been retried 1 time(s): no match for platform in manifest: not found'),
      ],
      [
        'image-pull-refused',
        'certain',
        pull(`pull image manifest has been retried 1 time(s): failed to resolve ref ${IMAGE}: not found`),
      ],
      [
        'image-pull-refused',
        'certain',
        pull(
          `inspect image has been retried 1 time(s): failed to resolve ref "${IMAGE}": unexpected status code [manifests ${DIGEST}]: 403 Forbidden`,
        ),
      ],
      [
        'image-pull-refused',
        'certain',
        pull(
          "Error response from daemon: pull access denied for acme/orders, repository does not exist or may require 'docker login'",
        ),
      ],
      [
        'image-pull-failed',
        'likely',
        pull(
          `pull image manifest has been retried 5 time(s): failed to resolve ref ${IMAGE}: failed to do request: Head "https://api.ecr/": dial tcp 10.20.40.3:443: i/o timeout`,
        ),
      ],
      [
        'image-pull-limited',
        'likely',
        pull(
          'inspect image has been retried 5 time(s): httpReaderSeeker: failed open: unexpected status code https://registry-1.docker.io: 429 Too Many Requests - toomanyrequests: You have reached your pull rate limit.',
        ),
      ],
      ['disk-full', 'certain', pull('write /var/lib/containerd/tmp: no space left on device')],
      [
        'secret-refused',
        'certain',
        start(
          'unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:eu-west-1:000011112222:secret:db from secrets manager: AccessDeniedException: User: arn:aws:sts::000011112222:assumed-role/exec/x is not authorized to perform: secretsmanager:GetSecretValue',
        ),
      ],
      [
        'secret-refused',
        'certain',
        start(
          "unable to retrieve secret from asm: service call has been retried 1 time(s): ResourceNotFoundException: Secrets Manager can't find the specified secret.",
        ),
      ],
      [
        'secret-refused',
        'certain',
        start(
          'unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid parameters: /orders/token',
        ),
      ],
      [
        'secret-refused',
        'certain',
        start('invalid character: retrieved secret from Secrets Manager did not contain json key token'),
      ],
      [
        'registry-login-refused',
        'certain',
        start(
          'unable to retrieve ecr registry auth: service call has been retried 1 time(s): AccessDeniedException: not authorized to perform: ecr:GetAuthorizationToken',
        ),
      ],
      [
        'role-not-assumed',
        'certain',
        "ECS was unable to assume the role 'arn:aws:iam::000011112222:role/exec' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions",
      ],
      [
        'start-resources-unreachable',
        'likely',
        start(
          'unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 10.20.0.9:443: i/o timeout',
        ),
      ],
      [
        'log-refused',
        'certain',
        'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.',
      ],
      [
        'log-unreachable',
        'likely',
        'ResourceInitializationError: failed to validate logger args: :signal: killed',
      ],
      [
        'env-file-refused',
        'certain',
        'ResourceInitializationError: failed to download env files: file download command: non empty error stream: AccessDenied: Access Denied status code: 403',
      ],
      [
        'volume-not-mounted',
        'likely',
        "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: access denied by server' : unsuccessful EFS utils command execution; code: 32",
      ],
      ['network-not-attached', 'likely', 'Timeout waiting for network interface provisioning to complete.'],
      [
        'no-address',
        'likely',
        'Unexpected EC2 error while attempting to Create Network Interface in subnet subnet-1: InsufficientFreeAddressesInSubnet',
      ],
      [
        'runtime-timeout',
        'likely',
        'ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 4m0s',
      ],
      [
        'command-not-started',
        'certain',
        'CannotStartContainerError: Error response from daemon: failed to create task for container: OCI runtime create failed: runc create failed: exec: "/app/server": stat /app/server: no such file or directory: unknown',
      ],
      [
        'no-capacity',
        'transient',
        'Capacity is unavailable at this time. Please try again later or in a different availability zone',
      ],
      ['not-started', 'likely', 'Task failed to start'],
    ] as const
  ).map(
    ([name, certainty, stoppedReason]) =>
      [name, certainty, { stopCode: 'TaskFailedToStart', stoppedReason, containers: [] }] as const,
  ),
  [
    'target-unhealthy',
    'certain',
    {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason:
        'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-1:000011112222:targetgroup/orders/1)',
    },
  ],
  [
    'container-unhealthy',
    'certain',
    { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Task failed container health checks' },
  ],
  [
    'interrupted',
    'transient',
    { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' },
  ],
  [
    'interrupted',
    'transient',
    { stopCode: 'TerminationNotice', stoppedReason: 'Host EC2 (instance i-0123456789) terminated.' },
  ],
  [
    'interrupted',
    'transient',
    {
      stopCode: undefined,
      stoppedReason: 'ECS is performing maintenance on the underlying infrastructure hosting the task.',
    },
  ],
  ['stopped-by-person', 'outside', { stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user' }],
  ['other', 'likely', { stopCode: undefined, stoppedReason: undefined, containers: [] }],
])('calls it %s, %s', (name, certainty, facts) => {
  const causes = causesOf([stoppedTask(1, facts)]);
  expect(causes.map((cause) => [cause.class, cause.certainty])).toEqual([[name, certainty]]);
});

test('every class has advice in one sentence, and only a certain or likely one ever ends a deployment', () => {
  for (const { name, certainty, failAt, advice } of CAUSE_CLASSES) {
    expect([name, failAt]).toEqual([name, { certain: 2, likely: 3 }[certainty as string]]);
    expect(advice).toMatch(/^[A-Z][^\n]*\.$/);
  }
});

test.each([
  'Scaling activity initiated by (deployment ecs-svc/1)',
  'Task stopped for availability zone rebalancing',
])('a task that the scheduler stopped is no cause at all: %s', (stoppedReason) => {
  expect(causesOf([stoppedTask(1, { stopCode: 'ServiceSchedulerInitiated', stoppedReason })])).toEqual([]);
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

/** Any mixture of stops, with when they were. */
const stops = fc.array(
  fc.record({
    number: fc.nat(12),
    stoppedAt: fc.nat(5),
    exitCode: fc.constantFrom(0, 1, 2, 137),
    stoppedReason: fc.constantFrom(
      'Essential container in task exited',
      'CannotPullContainerError: denied',
      'odd',
    ),
  }),
);
type Stops = typeof stops extends fc.Arbitrary<infer T> ? T : never;
const tasksOf = (all: Stops) => {
  const first = new Map(all.map((each) => [each.number, each])); // a task has one end
  return [...first.values()].map(({ number, exitCode, ...end }) =>
    stoppedTask(number, { ...end, containers: app(exitCode) }),
  );
};

test('neither the order of tasks, nor listing them twice, nor noise beside them changes a cause', () => {
  const noise = [1, 2, 3].map((n) =>
    stoppedTask(100 + n, {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/2)',
    }),
  );
  fc.assert(
    fc.property(stops, fc.infiniteStream(fc.nat()), (all, dice) => {
      const tasks = tasksOf(all);
      const causes = causesOf(tasks);
      const mixed = [...tasks, ...noise, ...tasks]
        .map((task) => ({ task, at: dice.next().value }))
        .sort((a, b) => a.at - b.at)
        .map(({ task }) => task);
      expect(causesOf(mixed)).toEqual(causes);
      expect(causes.reduce((sum, { count }) => sum + count, 0)).toBe(tasks.length);
    }),
  );
});

test('a cause stands on two tasks at least, and never while a task is healthy or nobody knows', () => {
  fc.assert(
    fc.property(stops, fc.integer({ min: 1, max: 9 }), (all, healthy) => {
      const causes = causesOf(tasksOf(all));
      const found = certainFailure(causes, 0);
      expect(found === undefined || found.count >= 2).toBe(true);
      expect(certainFailure(causes, healthy)).toBeUndefined();
      expect(certainFailure(causes, undefined)).toBeUndefined();
    }),
  );
});

test('blames the essential container, though a sidecar that may end has ended worse and says why', () => {
  const containers = [
    {
      name: 'sidecar',
      exitCode: 1,
      reason: 'OutOfMemoryError: Container killed due to memory usage',
      imageDigest: undefined,
    },
    { name: 'app', exitCode: 3, reason: undefined, imageDigest: undefined },
  ];
  const essential = essentialContainers(describedTaskDefinition());
  expect(causesOf([stoppedTask(1, { containers })], essential)[0]).toMatchObject({
    class: 'crash',
    container: 'app',
    exitCode: 3,
  });
});

test('says what was seen and how often in one sentence', () => {
  const [cause] = causesOf([stoppedTask(1), stoppedTask(2)]);
  expect(cause && sayCause(cause)).toBe('2 tasks: container app exited with code 1');
  const group = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/orders/0123456789abcdef';
  const stoppedReason = `Task failed ELB health checks in (target-group ${group})`;
  const [ill] = causesOf([stoppedTask(3, { stopCode: 'ServiceSchedulerInitiated', stoppedReason })]);
  expect(ill && sayCause(ill)).toBe(
    'one task stopped (Task failed ELB health checks in (target-group orders))',
  );
  const pull = 'CannotPullContainerError: not found';
  const [absent] = causesOf([
    stoppedTask(4, { stopCode: 'TaskFailedToStart', stoppedReason: pull, containers: app(undefined, pull) }),
  ]);
  expect(absent && sayCause(absent)).toBe(`one task did not start (${pull})`);
});

test('reads a reason that an image chose to be long, without holding up the deploy', () => {
  const command = `${'a'.repeat(100)}_`; // of the alphabet of ids, and no id
  const reason = `CannotStartContainerError: exec: "${command}": executable file not found`;
  const stopped = [1, 2].map((n) => stoppedTask(n, { containers: app(undefined, reason) }));
  expect(causesOf(stopped)).toMatchObject([{ class: 'command-not-started', count: 2 }]);
});

test('reads no more of a reason than AWS writes: the patterns would take minutes over a megabyte', () => {
  const reason = 'CannotPull'.repeat(100_000);
  const [cause] = causesOf([stoppedTask(1, { stoppedReason: reason, containers: app(undefined, reason) })]);
  expect([cause?.stoppedReason?.length, cause?.containerReason?.length]).toEqual([4_000, 4_000]);
});
