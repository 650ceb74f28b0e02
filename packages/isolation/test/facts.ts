import type { Facts } from '../src/checks.ts';
import type { Seen } from '../src/observed.ts';

export const seen = <T>(value: T): Seen<T> => ({ kind: 'seen', value });
export const denied = (action: string) =>
  ({ kind: 'unseen', action, why: `AWS denied ${action}`, denied: true }) as const;
export const unavailable = (action: string) =>
  ({ kind: 'unseen', action, why: `AWS could not do ${action}`, denied: false }) as const;

export const ACCOUNT = '000011112222';
export const REGION = 'eu-west-1';
export const GROUP = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/acme-prod-orders/1`;
const BALANCER = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/app/acme-prod-internal/1`;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/td/prod/tasks/orders-task`;

export const trusting = (service: string, more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', ...more }],
});

/** A service at which nothing is to be found. */
export function goodFacts(): Facts {
  const subnets = seen([
    { id: 'subnet-a', vpc: 'vpc-1', zoneId: 'euw1-az1', free: 20 },
    { id: 'subnet-b', vpc: 'vpc-1', zoneId: 'euw1-az2', free: 20 },
  ]);
  const stored = seen({ children: [{ platform: 'linux/amd64', digest: `sha256:${'1'.repeat(64)}` }] });
  const deployments = seen([]);
  return {
    roles: {
      account: ACCOUNT,
      roles: [
        {
          purpose: 'task',
          named: ROLE,
          role: seen({ arn: ROLE, trust: trusting('ecs-tasks.amazonaws.com') }),
        },
      ],
      executionMissing: undefined,
    },
    contracted: true,
    images: {
      platform: 'linux/amd64',
      instancesDecide: false,
      images: [{ container: 'orders', image: 'r@sha256:1', stored }],
    },
    secrets: {
      account: ACCOUNT,
      region: REGION,
      references: [],
      secrets: new Map(),
      parameters: seen([]),
    },
    logGroups: {
      region: REGION,
      groups: [
        { container: 'orders', group: '/td/orders', region: REGION, creates: false, exists: seen(true) },
      ],
    },
    targetGroups: {
      agreed: { targetGroup: 'acme-prod-orders', loadBalancer: 'acme-prod-internal', vpc: 'vpc-1' },
      addressed: true,
      attached: [{ targetGroup: GROUP, container: 'orders', port: 8080 }],
      mapped: new Map([['orders', [8080]]]),
      groups: seen([
        { arn: GROUP, name: 'acme-prod-orders', type: 'ip', vpc: 'vpc-1', balancers: [BALANCER] },
      ]),
    },
    balancer: {
      agreed: { loadBalancer: 'acme-prod-internal', vpc: 'vpc-1' },
      balancer: seen({
        arn: BALANCER,
        name: 'acme-prod-internal',
        scheme: 'internal',
        vpc: 'vpc-1',
        state: 'active',
      }),
    },
    placement: {
      agreed: {
        tenant: 'acme',
        environment: 'prod',
        vpc: 'vpc-1',
        zones: ['euw1-az1', 'euw1-az2'],
        subnets: ['subnet-a', 'subnet-b'],
        securityGroups: ['sg-app'],
      },
      subnetIds: ['subnet-a', 'subnet-b'],
      securityGroups: ['sg-app'],
      publicAddress: false,
      tags: { tenant: 'acme', environment: 'prod' },
      subnets,
    },
    addresses: {
      desired: 4,
      running: 4,
      maximumPercent: 200,
      strategy: 'ROLLING',
      placedIn: ['subnet-a', 'subnet-b'],
      subnets,
    },
    progress: { ifInProgress: 'fail', primary: { id: 'ecs-svc/1', rolloutState: 'COMPLETED' }, deployments },
    rollbackTarget: {
      rolloutState: 'COMPLETED',
      deployments,
      current: { arn: 'orders:7', active: true },
      images: [{ image: 'r@sha256:0', stored }],
    },
    credentials: { until: 'renewed', now: 0, wait: 1_200_000 },
    capacity: { agreed: { base: 2, maximum: 6 }, desired: 4, range: seen({ minimum: 2, maximum: 6 }) },
    breaker: { breaker: { enabled: true, rollback: true } },
    alarms: {
      names: ['orders-5xx'],
      alarms: seen([{ name: 'orders-5xx', state: 'OK', reason: undefined, since: 0 }]),
    },
  };
}
