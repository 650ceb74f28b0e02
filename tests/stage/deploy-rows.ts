import { scenarios } from '@tenant-delivery/local-aws/scenarios/index';
import type { Release, Witnessed } from './witnessed-deploy.ts';

/** One case of deploying-to-ecs §4.2, or one that the official action cannot follow at all. */
export interface DeployRow extends Release {
  readonly what: string;
  /** What aws-actions/amazon-ecs-deploy-task-definition v2.6.3 does with it: deploying-to-ecs §4.2, and §1 for what it lacks. */
  readonly official: string;
  /** The outcome, or the code of the failure. */
  readonly ends: string;
  /** What the log must say. */
  readonly says: RegExp;
  /** Since when it could be known, virtual seconds after the update. */
  readonly known: (seen: Witnessed) => number | undefined;
  /** In words. */
  readonly since: string;
  /** The most seconds from there until it is said. */
  readonly within: number;
}

/** Every operation of ECS that following asks for. */
const FOLLOWING = [
  'DescribeServices',
  'DescribeServiceDeployments',
  'DescribeServiceRevisions',
  'ListServiceDeployments',
  'ListTasks',
  'DescribeTasks',
  'DescribeTaskDefinition',
].map((operation) => `ecs:${operation}`);

const status =
  (name: string) =>
  ({ statuses }: Witnessed) =>
    statuses.find(({ what }) => what.startsWith(name))?.at;
const successful = { known: status('SUCCESSFUL'), since: 'ECS said SUCCESSFUL', within: 5 };
const secondDeath = {
  known: ({ deaths }: Witnessed) => deaths[1],
  since: 'the second task failed',
  within: 15,
};
const NOTHING_ALIKE = 'cannot follow it';

export const ROWS: readonly DeployRow[] = [
  {
    what: 'healthy, drained at 150 s',
    official: 'success seen at 326 s',
    scenario: scenarios['healthy-late'],
    ends: 'deployed',
    says: /^SUCCESSFUL: 2 of 2 new tasks running/m,
    ...successful,
  },
  {
    what: 'crash loop, no breaker',
    official: 'never noticed: TIMEOUT at 1370 s, no cause',
    scenario: { ...scenarios['crash-loop'], given: { breaker: 'off' } },
    ends: 'rolled-back',
    says: /exited with code 1[\s\S]*Cause: crash, \d stopped tasks with exit code 1[\s\S]*ECONNREFUSED 10\.20\.9\.9/,
    ...secondDeath,
  },
  {
    what: 'breaker FAILED at 240 s, no rollback',
    official: 'FAILED ignored: TIMEOUT at 1800 s',
    scenario: {
      ...scenarios['crash-late'],
      given: { breaker: 'without rollback', breakerCount: 1 },
    },
    ends: 'failed',
    says: /What serves now: [\s\S]*Cause: crash, \d stopped tasks? with exit code 1/,
    known: status('STOPPED'),
    since: 'ECS said FAILED',
    within: 10,
  },
  {
    what: 'breaker FAILED at 240 s, rolled back',
    official: 'failure seen at 356 to 909 s, "likely rolled back"',
    scenario: scenarios['crash-late'],
    ends: 'rolled-back',
    // both are told, and which comes first depends on how late ECS shows the end
    says: /(?=[\s\S]*circuit breaker: tasks failed to start\. \([^)]*exited with code 1)(?=[\s\S]*Cause: crash)/,
    known: status('ROLLBACK_IN_PROGRESS'),
    since: 'ECS began to roll back',
    within: 10,
  },
  {
    what: 'DescribeServices denied from 60 s on',
    official: 'polls to the end: TIMEOUT at 1650 s',
    scenario: scenarios['healthy-late'],
    fault: { atSeconds: 60, kind: 'denied', operations: ['ecs:DescribeServices'] },
    ends: 'AWS_DENIED',
    says: /ecs:DescribeServices/,
    known: () => 60,
    since: 'the denial',
    within: 35, // the service is asked for twice a minute
  },
  {
    what: 'DescribeServiceDeployments denied from 60 s on',
    official: 'does not ask for it',
    scenario: scenarios['healthy-late'],
    fault: { atSeconds: 60, kind: 'denied', operations: ['ecs:DescribeServiceDeployments'] },
    ends: 'AWS_DENIED',
    says: /ecs:DescribeServiceDeployments/,
    known: () => 60,
    since: 'the denial',
    within: 20,
  },
  {
    what: 'credentials expire at 100 s',
    official: 'polls to the end: TIMEOUT at 1270 s',
    scenario: scenarios['healthy-late'],
    fault: { atSeconds: 100, kind: 'expired', operations: FOLLOWING },
    ends: 'AWS_SESSION_EXPIRED',
    says: /./,
    known: () => 100,
    since: 'the expiry',
    within: 10,
  },
  {
    what: 'COMPLETED at 150 s, autoscaling raises desired meanwhile (settled at 900 s)',
    official: 'success seen at 1146 s',
    scenario: scenarios['scaled-out-at-the-end'],
    ends: 'deployed',
    says: /^SUCCESSFUL: /m,
    ...successful,
    known: (seen) => (seen.tasks.running < seen.tasks.desired ? successful.known(seen) : undefined), // or it proves nothing
  },
  {
    what: 'an alarm turns it back',
    official: 'not measured',
    scenario: scenarios['alarm-goes-off'],
    ends: 'rolled-back',
    says: /orders-errors in ALARM/,
    known: status('ROLLBACK_IN_PROGRESS'),
    since: 'ECS began to roll back',
    within: 10,
  },
  {
    what: 'blue/green, bake of 2 min',
    official: NOTHING_ALIKE,
    scenario: scenarios['blue-green'],
    ends: 'deployed',
    says: /BAKE_TIME\): .*100 % of the traffic/,
    ...successful,
  },
  {
    what: 'linear, 25 % each minute, bake of 1 min',
    official: NOTHING_ALIKE,
    scenario: scenarios.linear,
    ends: 'deployed',
    says: / 25 % of the traffic[\s\S]* 50 % of the traffic[\s\S]* 75 % of the traffic[\s\S]* 100 % of the traffic/,
    ...successful,
  },
  {
    what: 'canary, 10 % for 2 min, bake of 1 min',
    official: NOTHING_ALIKE,
    scenario: scenarios.canary,
    ends: 'deployed',
    says: / 10 % of the traffic[\s\S]* 100 % of the traffic/,
    ...successful,
  },
  {
    what: 'blue/green that waits at a pause',
    official: NOTHING_ALIKE,
    scenario: scenarios['blue-green-paused'],
    ends: 'paused',
    says: /waits at hook ecs-pause-/,
    known: ({ pausedAt }) => pausedAt,
    since: 'ECS began to wait',
    within: 5,
  },
];
