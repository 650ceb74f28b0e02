import { describe, expect, it } from '@jest/globals';
import { parseSecretReference } from '@tenant-delivery/deployment/task-definition/secret-reference';
import { surgeOf } from '../src/checks/free-addresses.ts';
import { CHECKS, type Facts } from '../src/checks.ts';
import type { Secret, Seen } from '../src/observed.ts';
import { ACCOUNT, denied, GROUP, goodFacts, REGION, ROLE, seen, trusting, unavailable } from './facts.ts';

/** A service at which one thing differs, what the check of this id says of it, and words that it says. */
type Case = readonly [
  check: string,
  result: 'pass' | 'fail' | 'unknown',
  says: string,
  facts: Partial<Facts>,
];

const good = goodFacts();
const { placement, addresses, capacity, balancer, alarms } = good;
if (!placement || !addresses || !capacity || !balancer || !alarms)
  throw new Error('the good facts are whole');

const role = (trust: ReturnType<typeof trusting>, arn = ROLE): Partial<Facts> => ({
  roles: { ...good.roles, roles: [{ purpose: 'task', named: ROLE, role: seen({ arn, trust }) }] },
});
const named = (named: string, found: Facts['roles']['roles'][number]['role']): Partial<Facts> => ({
  roles: { ...good.roles, roles: [{ purpose: 'execution', named, role: found }] },
});
const TASKS = 'ecs-tasks.amazonaws.com';
const forAccount = (account: string) => ({ Condition: { StringEquals: { 'aws:SourceAccount': account } } });

const image = (
  stored: Facts['images']['images'][number]['stored'],
  platform = 'linux/arm64',
): Partial<Facts> => ({
  images: {
    platform,
    instancesDecide: false,
    images: [{ container: 'orders', image: 'r@sha256:1', stored }],
  },
});
const children = (...platforms: readonly string[]) =>
  seen({ children: platforms.map((platform) => ({ platform, digest: 'sha256:1' })) });

const SECRET = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:td/prod/db-aB3xYz`;
const reference = (valueFrom: string, over: Partial<Facts['secrets']>): Partial<Facts> => ({
  secrets: {
    ...good.secrets,
    references: [{ what: 'DB of orders', reference: parseSecretReference(valueFrom) }],
    ...over,
  },
});
const secret = (valueFrom: string, look?: Seen<Secret | undefined>) =>
  reference(valueFrom, { secrets: new Map(look ? [[SECRET, look]] : []) });
const parameter = (valueFrom: string, ...there: readonly string[]) =>
  reference(valueFrom, { parameters: seen(there) });
const metadata = (versions: Record<string, string[]>, deletedAt?: number) =>
  seen({ arn: SECRET, deletedAt, versions });

const log = (over: Partial<Facts['logGroups']['groups'][number]>): Partial<Facts> => ({
  logGroups: {
    region: REGION,
    groups: [
      {
        container: 'orders',
        group: '/td/orders',
        region: REGION,
        creates: false,
        exists: seen(true),
        ...over,
      },
    ],
  },
});
const groups = (over: Partial<Facts['targetGroups']>): Partial<Facts> => ({
  targetGroups: { ...good.targetGroups, ...over },
});
const group = (over: object) =>
  groups({
    groups: seen([
      {
        arn: GROUP,
        name: 'acme-prod-orders',
        type: 'ip',
        vpc: 'vpc-1',
        balancers: ['a/app/acme-prod-internal/1'],
        ...over,
      },
    ]),
  });
const lb = (over: object): Partial<Facts> => ({
  balancer: {
    ...balancer,
    balancer: seen({ arn: 'a', name: 'b', scheme: 'internal', vpc: 'vpc-1', state: 'active', ...over }),
  },
});
const place = (over: Partial<typeof placement>): Partial<Facts> => ({ placement: { ...placement, ...over } });
const free = (...each: readonly number[]): Partial<Facts> => ({
  addresses: {
    ...addresses,
    subnets: seen(each.map((free, i) => ({ id: `subnet-${'ab'[i]}`, vpc: 'vpc-1', zoneId: `z${i}`, free }))),
  },
});
const brief = (status: string) => ({ arn: 'deployment-1', targetRevision: 'r', createdAt: 0, status });
const progress = (over: Partial<Facts['progress']>): Partial<Facts> => ({
  progress: { ...good.progress, ...over },
});
const target = (over: Partial<Facts['rollbackTarget']>): Partial<Facts> => ({
  rollbackTarget: { ...good.rollbackTarget, ...over },
});
const count = (desired: number, range: typeof capacity.range): Partial<Facts> => ({
  capacity: { ...capacity, desired, range },
});
const alarm = (state: string, name = 'orders-5xx'): Partial<Facts> => ({
  alarms: { ...alarms, alarms: seen([{ name, state, reason: undefined, since: 0 }]) },
});

const CASES: readonly Case[] = [
  ['task-roles', 'pass', 'trusts', role(trusting(TASKS, forAccount(ACCOUNT)))],
  ['task-roles', 'pass', 'trusts', named('orders-execution', seen({ arn: ROLE, trust: trusting(TASKS) }))],
  ['task-roles', 'fail', 'does not trust', role(trusting('ec2.amazonaws.com'))],
  ['task-roles', 'fail', 'does not trust', role(trusting(TASKS, { Action: 'sts:TagSession' }))],
  ['task-roles', 'fail', 'for another account only', role(trusting(TASKS, forAccount('000099998888')))],
  ['task-roles', 'fail', 'denies', role(trusting(TASKS, { Effect: 'Deny' }))],
  [
    'task-roles',
    'fail',
    'the task definition names',
    role(trusting(TASKS), ROLE.replace('/td/prod/tasks', '')),
  ],
  [
    'task-roles',
    'fail',
    'is of account 000099998888',
    named('arn:aws:iam::000099998888:role/x', seen(undefined)),
  ],
  ['task-roles', 'fail', 'there is no execution role x', named('x', seen(undefined))],
  [
    'task-roles',
    'fail',
    'no execution role is named',
    { roles: { ...good.roles, executionMissing: 'it has secrets' } },
  ],
  ['task-roles', 'unknown', 'AWS denied iam:GetRole', named('x', denied('iam:GetRole'))],

  ['image', 'pass', 'is there for linux/arm64', image(children('linux/amd64', 'linux/arm64/v8'))],
  ['image', 'pass', 'no manifest says for which platform', image(children('its only platform'))],
  ['image', 'pass', 'no manifest says', image(children('linux/amd64', 'no platform named'))],
  ['image', 'pass', 'not looked at', image('elsewhere')],
  ['image', 'fail', 'is for linux/amd64, tasks run on linux/arm64', image(children('linux/amd64'))],
  ['image', 'fail', 'the registry holds no', image(seen('absent'))],
  ['image', 'fail', 'no word for', { images: { ...good.images, platform: undefined, images: [] } }],
  ['image', 'unknown', 'could not do', image(unavailable('ecr:DescribeImages'))],

  ['secrets', 'pass', 'names no secret', {}],
  [
    'secrets',
    'pass',
    'DB of orders is there',
    secret(`${SECRET}:password::`, metadata({ v1: ['AWSCURRENT'] })),
  ],
  ['secrets', 'pass', 'is there', secret(`${SECRET}::AWSPREVIOUS:`, metadata({ v1: ['AWSPREVIOUS'] }))],
  ['secrets', 'pass', 'is there', secret(`${SECRET}:::v1`, metadata({ v1: [] }))],
  ['secrets', 'pass', 'is there', parameter('/td/key', '/td/key')],
  ['secrets', 'fail', 'there is no secret', secret(SECRET, seen(undefined))],
  [
    'secrets',
    'fail',
    'scheduled for deletion since 1970',
    secret(SECRET, metadata({ v1: ['AWSCURRENT'] }, 5)),
  ],
  ['secrets', 'fail', 'is AWSCURRENT', secret(SECRET, metadata({}))],
  ['secrets', 'fail', 'is AWSPREVIOUS', secret(`${SECRET}::AWSPREVIOUS:`, metadata({ v1: ['AWSCURRENT'] }))],
  ['secrets', 'fail', 'has no version v2', secret(`${SECRET}:::v2`, metadata({ v1: ['AWSCURRENT'] }))],
  ['secrets', 'fail', 'there is no parameter /td/other', parameter('/td/other', '/td/key')],
  ['secrets', 'fail', 'of account 000099998888', secret(SECRET.replace(ACCOUNT, '000099998888'))],
  ['secrets', 'fail', 'in us-east-1', secret(SECRET.replace(REGION, 'us-east-1'))],
  ['secrets', 'fail', 'no ARN of', secret('arn:aws:s3:::b')],
  ['secrets', 'unknown', 'not looked at', secret(SECRET)],
  ['secrets', 'unknown', 'AWS denied', secret(SECRET, denied('secretsmanager:DescribeSecret'))],
  [
    'secrets',
    'unknown',
    `(the secret ${SECRET}) was not seen`,
    secret(SECRET, denied('secretsmanager:DescribeSecret')),
  ],
  [
    'secrets',
    'unknown',
    '(the parameter /td/key) was not seen',
    reference('/td/key', { parameters: unavailable('ssm:DescribeParameters') }),
  ],

  ['log-group', 'pass', 'awslogs-create-group', log({ exists: seen(false), creates: true })],
  ['log-group', 'fail', 'there is no log group', log({ exists: seen(false) })],
  ['log-group', 'fail', 'in us-east-1', log({ region: 'us-east-1' })],
  ['log-group', 'unknown', 'AWS denied', log({ exists: denied('logs:DescribeLogGroups') })],

  ['target-group', 'pass', 'behind no load balancer', groups({ agreed: undefined, attached: [] })],
  ['target-group', 'fail', 'behind no load balancer', groups({ attached: [] })],
  ['target-group', 'fail', 'which maps 80', groups({ mapped: new Map([['orders', [80]]]) })],
  ['target-group', 'fail', 'does not have', groups({ mapped: new Map([['app', [8080]]]) })],
  ['target-group', 'fail', 'there is no target group', groups({ groups: seen([]) })],
  ['target-group', 'fail', 'by instance', group({ type: 'instance' })],
  ['target-group', 'fail', 'is in vpc-2', group({ vpc: 'vpc-2' })],
  ['target-group', 'fail', 'on no listener', group({ balancers: [] })],
  ['target-group', 'fail', 'is behind public', group({ balancers: ['a/app/public/1'] })],
  ['target-group', 'fail', 'the service is in other', group({ name: 'other' })],
  [
    'target-group',
    'unknown',
    'AWS denied',
    groups({ groups: denied('elasticloadbalancing:DescribeTargetGroups') }),
  ],

  ['balancer-internal', 'fail', 'is internet-facing', lb({ scheme: 'internet-facing' })],
  ['balancer-internal', 'fail', 'is in vpc-2', lb({ vpc: 'vpc-2' })],
  ['balancer-internal', 'fail', 'is failed', lb({ state: 'failed' })],
  [
    'balancer-internal',
    'fail',
    'there is no balancer',
    { balancer: { ...balancer, balancer: seen(undefined) } },
  ],

  ['placement', 'pass', 'subnet-a in euw1-az1', place({ tags: undefined })],
  ['placement', 'fail', 'places tasks in subnet-c', place({ subnetIds: ['subnet-a', 'subnet-c'] })],
  ['placement', 'fail', 'names no subnet', place({ subnetIds: [] })],
  ['placement', 'fail', 'security groups sg-open', place({ securityGroups: ['sg-app', 'sg-open'] })],
  ['placement', 'fail', 'public addresses', place({ publicAddress: true })],
  ['placement', 'fail', 'tagged tenant=globex', place({ tags: { tenant: 'globex' } })],
  [
    'placement',
    'fail',
    'vpc-2',
    place({ subnets: seen([{ id: 's', vpc: 'vpc-2', zoneId: 'euw1-az1', free: 1 }]) }),
  ],
  [
    'placement',
    'fail',
    'euw1-az3',
    place({ subnets: seen([{ id: 's', vpc: 'vpc-1', zoneId: 'euw1-az3', free: 1 }]) }),
  ],
  ['placement', 'unknown', 'AWS denied', place({ subnets: denied('ec2:DescribeSubnets') })],

  ['free-addresses', 'pass', '4 addresses free for 4', free(4, 0)],
  ['free-addresses', 'fail', '3 addresses free for 4', free(2, 1)],
  ['free-addresses', 'fail', 'there is no subnet-b', free(9)],
  ['free-addresses-by-subnet', 'pass', 'has 2 free for 2', free(2, 2)],
  ['free-addresses-by-subnet', 'fail', 'subnet-b (z1) has 1 free for 2', free(9, 1)],

  [
    'in-progress',
    'fail',
    'is ROLLBACK_IN_PROGRESS',
    progress({ deployments: seen([brief('ROLLBACK_IN_PROGRESS')]) }),
  ],
  [
    'in-progress',
    'fail',
    'ecs-svc/1 is IN_PROGRESS',
    progress({
      primary: { id: 'ecs-svc/1', rolloutState: 'IN_PROGRESS' },
      deployments: denied('ecs:ListServiceDeployments'),
    }),
  ],
  [
    'in-progress',
    'pass',
    'the request says wait',
    progress({ ifInProgress: 'wait', deployments: seen([brief('PENDING')]) }),
  ],
  [
    'in-progress',
    'pass',
    'no deployment',
    progress({ deployments: seen([brief('ROLLBACK_SUCCESSFUL'), brief('STOPPED')]) }),
  ],
  [
    'in-progress',
    'unknown',
    'AWS denied',
    progress({
      primary: { id: 'x', rolloutState: undefined },
      deployments: denied('ecs:ListServiceDeployments'),
    }),
  ],

  [
    'rollback-target',
    'pass',
    'orders:7',
    target({ rolloutState: undefined, deployments: seen([brief('SUCCESSFUL')]) }),
  ],
  [
    'rollback-target',
    'fail',
    'the deployment that runs now has not completed',
    target({ rolloutState: 'FAILED' }),
  ],
  ['rollback-target', 'fail', 'was deregistered', target({ current: { arn: 'orders:7', active: false } })],
  [
    'rollback-target',
    'fail',
    'no longer in the registry',
    target({ images: [{ image: 'r', stored: seen('absent') }] }),
  ],
  [
    'rollback-target',
    'unknown',
    'AWS denied',
    target({ rolloutState: undefined, deployments: denied('ecs:ListServiceDeployments') }),
  ],

  ['credential-life', 'pass', 'good until', { credentials: { until: 1_200_000, now: 0, wait: 1_200_000 } }],
  [
    'credential-life',
    'fail',
    'in 19 minutes',
    { credentials: { until: 1_199_999, now: 0, wait: 1_200_000 } },
  ],

  ['capacity', 'pass', 'nothing scales', count(2, seen(undefined))],
  ['capacity', 'fail', 'the desired count is 1', count(1, seen(undefined))],
  ['capacity', 'fail', 'the desired count is 7', count(7, seen(undefined))],
  ['capacity', 'fail', '1 to 6 tasks', count(2, seen({ minimum: 1, maximum: 6 }))],
  ['capacity', 'fail', '2 to 9 tasks', count(2, seen({ minimum: 2, maximum: 9 }))],
  ['capacity', 'unknown', 'AWS denied', count(2, denied('application-autoscaling:DescribeScalableTargets'))],

  ['breaker', 'fail', 'without rollback', { breaker: { breaker: { enabled: true, rollback: false } } }],
  ['breaker', 'fail', 'not enabled', { breaker: { breaker: { enabled: false, rollback: true } } }],

  ['alarms', 'pass', 'INSUFFICIENT_DATA', alarm('INSUFFICIENT_DATA')],
  ['alarms', 'fail', 'in ALARM already', alarm('ALARM')],
  ['alarms', 'fail', 'there is no alarm orders-5xx', alarm('OK', 'another')],
];

describe('a preflight check', () => {
  it.each(CHECKS.map(({ id }) => id))('%s passes where there is nothing to find', (id) => {
    expect(verdictOf(id, {})).toMatchObject({ result: 'pass' });
  });

  it.each(CASES)('%s: %s, %s', (id, result, says, facts) => {
    expect(verdictOf(id, facts)).toMatchObject({ result, observed: expect.stringContaining(says) });
  });

  it.each(CHECKS.map(({ id }) => id))('%s has a case in which it fails', (id) => {
    expect(CASES.filter(([of, result]) => of === id && result === 'fail')).not.toEqual([]);
  });

  it('does not apply where nothing was agreed or nothing is used', () => {
    const alone = {
      balancer: undefined,
      placement: undefined,
      addresses: undefined,
      capacity: undefined,
      alarms: undefined,
    };
    const silent = CHECKS.filter(({ id }) => verdictOf(id, alone) === undefined).map(({ id }) => id);
    expect(silent).toEqual([
      'balancer-internal',
      'placement',
      'free-addresses',
      'free-addresses-by-subnet',
      'capacity',
      'alarms',
    ]);
  });

  it.each([
    [4, 4, 200, 'ROLLING', 4],
    [3, 3, 150, 'ROLLING', 1],
    [4, 4, 100, 'ROLLING', 0],
    [4, 2, 200, 'ROLLING', 6],
    [4, 9, 200, 'ROLLING', 0],
    [4, 4, 100, 'BLUE_GREEN', 4],
  ])(
    '%i desired, %i running, at most %i %% (%s): %i more tasks at once',
    (desired, running, maximumPercent, strategy, surge) => {
      expect(surgeOf({ ...addresses, desired, running, maximumPercent, strategy })).toBe(surge);
    },
  );
});

function verdictOf(id: string, facts: Partial<Facts>) {
  return CHECKS.find((each) => each.id === id)?.judge({ ...good, ...facts });
}
