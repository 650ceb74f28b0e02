import { expect, test } from '@jest/globals';
import { judge, type Observation } from '../../src/follow/judge.ts';
import { deploymentOfEntry } from '../../src/follow/rollout-entry.ts';
import type { RolloutEntry, Service, ServiceDeployment } from '../../src/observed.ts';

const OLD = 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:7';
const OURS = 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:8';
const OTHER = 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:9';

const entry = (id: number, taskDefinition: string, more: Partial<RolloutEntry> = {}): RolloutEntry => ({
  id: `ecs-svc/${id}`,
  primary: false,
  taskDefinition,
  rolloutState: 'IN_PROGRESS',
  createdAt: id,
  tasks: { requested: 2, running: 1, pending: 1 },
  ...more,
});
const primary = (id: number, taskDefinition: string, rolloutState: RolloutEntry['rolloutState']) =>
  entry(id, taskDefinition, { primary: true, rolloutState });
const old = entry(1, OLD, { rolloutState: 'COMPLETED' });
const SOUGHT = { rollout: 'ecs-svc/2', taskDefinition: OURS, previous: OLD };
const CREATED = 2; // milliseconds, as the entries have it
const SOON = CREATED + 59_999;
const LATER = CREATED + 60_000;
const failed = entry(2, OURS, { rolloutState: 'FAILED', reason: 'tasks failed to start' });

test.each<readonly [string, string, readonly RolloutEntry[]]>([
  ['ours goes on', 'rolling', [primary(2, OURS, 'IN_PROGRESS'), old]],
  ['ours is COMPLETED, though old tasks are still there', 'deployed', [primary(2, OURS, 'COMPLETED'), old]],
  ['ours has no state, and is alone', 'rolling', [primary(2, OURS, undefined)]],
  ['ours FAILED and stays', 'stopped', [primary(2, OURS, 'FAILED'), old]],
  ['ours FAILED, the old one comes back', 'rolling-back', [primary(3, OLD, 'IN_PROGRESS'), failed]],
  ['ours FAILED, the old one is back', 'rolled-back', [primary(3, OLD, 'COMPLETED'), failed]],
  ['ours FAILED, the old one fails too', 'rollback-failed', [primary(3, OLD, 'FAILED'), failed]],
  ['ours is gone, the old one is back', 'rolled-back', [primary(3, OLD, 'COMPLETED')]],
  ['ours is gone, the old one has no state', 'rolling-back', [primary(3, OLD, undefined)]],
  ['another came while ours went on', 'superseded', [primary(3, OTHER, 'IN_PROGRESS'), entry(2, OURS)]],
  ['ours is gone, another is there', 'superseded', [primary(3, OTHER, 'COMPLETED')]],
  ['the same task definition once more', 'superseded', [primary(3, OURS, 'COMPLETED')]],
  ['nothing is listed', 'superseded', []],
])('in the service alone, when %s: %s', (_, kind, deployments) => {
  const deployment = deploymentOfEntry(serviceWith(deployments), SOUGHT, LATER);
  expect(judge(observed(deployment, namedBy(deployments))).kind).toBe(kind);
});

test.each<readonly [string, string, number, readonly RolloutEntry[]]>([
  ['the version before is still there as it was', 'rolling', SOON, [primary(1, OLD, 'COMPLETED')]],
  ['it is there a minute after the update', 'rolled-back', LATER, [primary(1, OLD, 'COMPLETED')]],
  ['ours FAILED', 'rolled-back', SOON, [primary(3, OLD, 'COMPLETED'), failed]],
  ['another came', 'superseded', SOON, [primary(3, OTHER, 'IN_PROGRESS')]],
])('seconds after the update, whose description may be older, when %s: %s', (_, kind, at, deployments) => {
  const deployment = deploymentOfEntry(serviceWith(deployments), { ...SOUGHT, createdAt: CREATED }, at);
  expect(judge(observed(deployment, namedBy(deployments))).kind).toBe(kind);
  expect(deployment.createdAt).toBe(
    deployments.find(({ id }) => id === SOUGHT.rollout)?.createdAt ?? CREATED,
  );
});

function serviceWith(deployments: readonly RolloutEntry[]): Service {
  return {
    arn: 'arn:aws:ecs:eu-west-1:000011112222:service/acme-prod/orders',
    clusterArn: 'arn:aws:ecs:eu-west-1:000011112222:cluster/acme-prod',
    status: 'ACTIVE',
    controller: 'ECS',
    strategy: 'ROLLING',
    taskDefinition: namedBy(deployments),
    desired: 2,
    running: 2,
    deployments,
    breaker: { enabled: true, rollback: true },
    events: [],
    document: {},
  };
}

const namedBy = (deployments: readonly RolloutEntry[]) =>
  deployments.find((each) => each.primary)?.taskDefinition ?? OTHER;

function observed(deployment: ServiceDeployment, named: string): Observation {
  return {
    deployment,
    primary: named,
    taskDefinition: OURS,
    stopped: [],
    healthy: 0,
    events: [],
    tasks: [],
  };
}
