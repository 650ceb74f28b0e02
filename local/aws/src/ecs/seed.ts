import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { keepRules } from '../rules/rule.ts';
import type { Call } from '../world/service.ts';
import type { World } from '../world/world.ts';
import { BREAKER_OFF } from './breaker.ts';
import { engineOf } from './engine.ts';
import { randomNames } from './names.ts';
import { registerTaskDefinition } from './operations/task-definitions.ts';
import { revisionSettings } from './revision-settings.ts';
import { ROLLING } from './rollout-plan.ts';
import { ecsRules } from './rules/index.ts';
import type { Deployment, Revision, ServiceSettings, ServiceState, Subnet } from './state.ts';
import { ecsArn, ecsStore, findTaskDefinition } from './store.ts';
import { addTags } from './tags.ts';

export interface ClusterSeed {
  readonly name: string;
  readonly subnets: readonly Subnet[];
  readonly tags?: Readonly<Record<string, string>>;
}

export function seedCluster(
  world: World,
  account: string,
  region: string,
  seed: ClusterSeed,
): { readonly arn: string } {
  const store = ecsStore(world, account, region);
  const arn = ecsArn(account, region, `cluster/${seed.name}`);
  store.clusters[seed.name] ??= { arn, name: seed.name, subnets: [...seed.subnets] };
  addTags(store, arn, pairs(seed.tags));
  world.touched();
  return { arn };
}

export interface ServiceSeed {
  readonly name: string;
  readonly cluster: string;
  /** Family of its task definitions. */
  readonly family: string;
  readonly container: { readonly name: string; readonly port: number };
  /** What runs until the first delivery, by digest: something that answers 200 at the health check's path. */
  readonly image: string;
  readonly command?: readonly string[];
  /** Subnet ids of the cluster. */
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly targetGroupArn: string;
  readonly logGroup: string;
  readonly desiredCount: number;
  readonly executionRoleArn: string;
  readonly taskRoleArn?: string;
  readonly gracePeriodSeconds?: number;
  readonly cpu?: string;
  readonly memory?: string;
  readonly architecture?: 'X86_64' | 'ARM64';
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A service as provisioning leaves it: circuit breaker on with rollback, minimum 100, maximum 200, and a first
 * deployment that has COMPLETED, so that there is something to roll back to. One that exists is kept.
 */
export function seedService(
  world: World,
  account: string,
  region: string,
  seed: ServiceSeed,
): { readonly arn: string } {
  const store = ecsStore(world, account, region);
  const key = `${seed.cluster}/${seed.name}`;
  const arn = ecsArn(account, region, `service/${key}`);
  if (store.services[key]) return { arn };
  const cluster = store.clusters[seed.cluster];
  if (!cluster) throw new Error(`no cluster "${seed.cluster}" for the service ${seed.name}`);
  const subnets = cluster.subnets.filter(({ id }) => seed.subnets.includes(id));
  if (subnets.length !== seed.subnets.length)
    throw new Error(`the cluster ${seed.cluster} lacks a subnet of ${seed.name}`);
  const taskDefinition = registerFirst(world, account, region, seed);
  store.services[key] = firstService({
    arn,
    seed,
    subnets,
    taskDefinition,
    clusterArn: cluster.arn,
    now: world.clock.now(),
  });
  addTags(store, arn, pairs(seed.tags));
  world.touched();
  engineOf(world).happen({ account, region, name: key }, { kind: 'look' });
  return { arn };
}

function registerFirst(world: World, account: string, region: string, seed: ServiceSeed): string {
  const call: Call = { world, account, region, principal: undefined, requestId: 'seed', headers: {} };
  const input = {
    family: seed.family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: seed.cpu ?? '256',
    memory: seed.memory ?? '512',
    runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: seed.architecture ?? 'X86_64' },
    executionRoleArn: seed.executionRoleArn,
    taskRoleArn: seed.taskRoleArn,
    ...(seed.tags && { tags: pairs(seed.tags) }),
    containerDefinitions: [
      {
        name: seed.container.name,
        image: seed.image,
        ...(seed.command ? { command: [...seed.command] } : {}),
        essential: true,
        portMappings: [{ containerPort: seed.container.port, protocol: 'tcp' }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': seed.logGroup,
            'awslogs-region': region,
            'awslogs-stream-prefix': seed.name,
          },
        },
      },
    ],
  } satisfies RegisterTaskDefinitionCommandInput;
  keepRules(ecsRules, 'RegisterTaskDefinition', input, call);
  const registered = registerTaskDefinition(input, call);
  const arn = registered.taskDefinition?.taskDefinitionArn ?? '';
  if (!findTaskDefinition(ecsStore(world, account, region), arn))
    throw new Error(`${seed.family} was not registered`);
  return arn;
}

interface First {
  readonly arn: string;
  readonly seed: ServiceSeed;
  readonly subnets: Subnet[];
  readonly taskDefinition: string;
  readonly clusterArn: string;
  readonly now: number;
}

function firstService({ arn, seed, subnets, taskDefinition, clusterArn, now }: First): ServiceState {
  const settings: ServiceSettings = {
    controller: 'ECS',
    taskDefinition,
    containers: [{ name: seed.container.name, image: seed.image }],
    subnets,
    securityGroups: [...seed.securityGroups],
    assignPublicIp: 'DISABLED',
    loadBalancers: [
      {
        targetGroupArn: seed.targetGroupArn,
        containerName: seed.container.name,
        containerPort: seed.container.port,
      },
    ],
    platformVersion: 'LATEST',
    desiredCount: seed.desiredCount,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    breaker: { ...BREAKER_OFF, enable: true, rollback: true },
    rollout: ROLLING,
    gracePeriodSeconds: seed.gracePeriodSeconds ?? 30,
    enableExecuteCommand: false,
    enableManagedTags: true,
    propagateTags: 'NONE',
    zoneRebalancing: 'ENABLED',
  };
  const revision: Revision = {
    ...revisionSettings(settings),
    id: randomNames.digits(),
    createdAt: now,
    groups: settings.loadBalancers.map(({ targetGroupArn }) => targetGroupArn),
    digests: {},
  };
  const deployment: Deployment = {
    id: `ecs-svc/${revision.id}`,
    revision: revision.id,
    createdAt: now,
    updatedAt: now,
    rollout: 'COMPLETED',
    rolloutReason: `ECS deployment ecs-svc/${revision.id} completed.`,
    begun: true,
    failedTasks: 0,
    breakerFailures: 0,
    barren: 0,
  };
  return {
    arn,
    name: seed.name,
    cluster: seed.cluster,
    clusterArn,
    createdAt: now,
    settings,
    deployments: [deployment],
    history: [
      {
        arn: `${arn.replace(':service/', ':service-deployment/')}/${randomNames.short()}`,
        revision: revision.id,
        plan: ROLLING,
        source: undefined,
        sources: [],
        createdAt: now,
        updatedAt: now,
        startedAt: now,
        stoppedAt: undefined,
        finishedAt: now,
        status: 'SUCCESSFUL',
        statusReason: undefined,
        rollback: undefined,
        breaker: { status: 'MONITORING_COMPLETE', failureCount: 0, threshold: 3 },
        alarms: { status: 'DISABLED', ignored: [], triggered: [] },
        progress: { stage: 'SCALE_UP', turn: 0, until: undefined, shifted: 0 },
        hooks: [],
        traffic: { production: { [revision.id]: 100 }, test: {} },
      },
    ],
    revisions: [revision],
    tasks: [],
    events: [],
    traffic: { production: { [revision.id]: 100 }, test: {} },
    lastCompleted: revision.id,
    steady: false,
    restartAfter: 0,
    lastHost: {},
  };
}

function pairs(tags: Readonly<Record<string, string>> = {}) {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}
