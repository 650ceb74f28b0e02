import { resumeChange } from '@tenant-delivery/delivery/change';
import { takeDeployLock } from '@tenant-delivery/delivery/deploy-lock';
import { ACME, inMemoryDelivery, ORDERS_IMAGE } from '@tenant-delivery/delivery/test/in-memory-delivery';
import type { DeploymentReport } from '@tenant-delivery/deployment/follow/deployment-report';
import type {
  AlarmState,
  RequestMetrics,
  Service,
  TargetState,
  Task,
} from '@tenant-delivery/deployment/observed';
import { makePlan } from '@tenant-delivery/deployment/plan/plan';
import { type Digest, formatImage } from '@tenant-delivery/domain';
import { lockKey } from '@tenant-delivery/evidence/lock-record';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { ResolvedService } from '@tenant-delivery/tenancy/resolve';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { putDocument } from '@tenant-delivery/vault/objects';
import type { AgreedInputs } from '../src/inputs.ts';
import { runAgreed } from '../src/run-agreed.ts';
import type { HealthWorld, VerifyWorld } from '../src/verify-world.ts';
import { type aProbe, taskDefinitionOf } from './probe/a-probe.ts';

export const ARN = 'arn:aws:ecs:eu-west-1:000011112222';
export const NEW = `${ARN}:task-definition/acme-prod-orders:8`;
const GROUPS = 'arn:aws:elasticloadbalancing:eu-west-1:000011112222:targetgroup';
export const GROUP = `${GROUPS}/acme-prod-orders/1`;
export const BALANCER =
  'arn:aws:elasticloadbalancing:eu-west-1:000011112222:loadbalancer/app/acme-prod-internal/1';
export const CHILD: Digest = `sha256:${'2'.repeat(64)}`;
export const OTHER: Digest = `sha256:${'9'.repeat(64)}`;

/** What there is to see at one moment; what is absent is well. */
export interface Look {
  readonly tasks?: readonly Task[];
  readonly stopped?: readonly Task[];
  readonly targets?: readonly TargetState[];
  readonly runs?: string;
  /** Of the service; 2 when absent. */
  readonly desired?: number;
  readonly alarms?: readonly AlarmState[];
  readonly requests?: RequestMetrics;
}

export interface Story {
  /** What is seen this many seconds after the start. */
  readonly look?: (seconds: number) => Look;
  readonly report?: Partial<DeploymentReport>;
  readonly scheme?: string;
  /** Target groups of the revision, by ARN. */
  readonly resolved?: readonly string[];
  /** Balancers of a target group, by its ARN. */
  readonly attached?: (group: string) => readonly string[];
  readonly revision?: Readonly<Record<string, never[] | readonly Record<string, unknown>[]>>;
  /** What the balancer asks for. */
  readonly path?: string;
  readonly slowStartSeconds?: () => Promise<number>;
  readonly zoneNames?: () => Promise<ReadonlyMap<string, string>>;
  /** The time limit; 10 when absent. */
  readonly minutes?: number;
  /** What the manifest and the contract want watched. */
  readonly bake?: Pick<ResolvedService, 'alarms' | 'slo' | 'bake' | 'probe'>;
  readonly graceSeconds?: number;
  /** What becomes of a probe's task. */
  readonly probe?: ReturnType<typeof aProbe>;
  /** Gets the name or ARN of each balancer that is asked about. */
  readonly balancers?: string[];
  /** The image that the contract names for it. */
  readonly probeImage?: string;
}

export function task(n: number, more: Partial<Task> = {}): Task {
  return {
    arn: `${ARN}:task/acme-prod/${n}`,
    taskDefinition: NEW,
    startedBy: 'ecs-svc/2',
    lastStatus: 'RUNNING',
    zone: n % 2 ? 'eu-west-1a' : 'eu-west-1b',
    address: `10.20.0.${n}`,
    stopCode: undefined,
    stoppedReason: undefined,
    containers: [{ name: 'orders', exitCode: undefined, reason: undefined, imageDigest: CHILD }],
    ...more,
  };
}

export function target(n: number, state = 'healthy', reason?: string): TargetState {
  return { address: `10.20.0.${n}`, port: 8080, state, reason, description: undefined };
}

export function alarm(name: string, state: string, since = Date.UTC(2026, 10, 24, 7)): AlarmState {
  return { name, state, reason: undefined, since };
}

export const UNASKED = { probe: undefined, 'probe-status': undefined, 'probe-seconds': undefined } as const;
export const WELL: Look = { tasks: [task(1), task(2)], targets: [target(1), target(2)] };
export const BUSY: RequestMetrics = { requests: 900, errors: 1, p95Milliseconds: 120, samples: 10 };

/** What there is to look at, by the seconds since the start. */
export function looksOf(
  story: Story,
  runner: FakeRunner,
  clock: ReturnType<typeof fakeClock>,
  start: number,
): HealthWorld {
  const look = () => (story.look ?? (() => WELL))((clock.now() - start) / 1000);
  return {
    runner,
    clock,
    services: {
      cluster: async (name) => ({ arn: `${ARN}:cluster/${name}`, status: 'ACTIVE' }),
      taskDefinition: async (name) =>
        name.endsWith('-probe') ? story.probe?.newest : taskDefinitionOf(name),
      deployments: unused,
      deployment: unused,
      service: async () => ({
        ...service(look().runs ?? NEW, story.graceSeconds),
        desired: look().desired ?? 2,
      }),
      revision: async (arn) => ({
        arn,
        taskDefinition: NEW,
        targetGroups: story.resolved ?? [GROUP],
        images: [],
        document: (story.revision ?? {}) as never, // what ECS describes, in the few members that are read
      }),
      tasks: async (_cluster, _name, status) =>
        (status === 'RUNNING' ? (look().tasks ?? WELL.tasks) : look().stopped) ?? [],
    },
    targets: {
      loadBalancer: async (arnOrName) => {
        story.balancers?.push(arnOrName);
        return {
          arn: arnOrName.startsWith('arn:') ? arnOrName : BALANCER,
          name: arnOrName.split('/').at(-2) ?? arnOrName,
          scheme: story.scheme ?? 'internal',
        };
      },
      targetGroup: async (arn) => ({
        arn,
        name: arn.split('/').at(-2) ?? arn,
        loadBalancers: story.attached?.(arn) ?? [BALANCER],
        healthCheck: {
          path: story.path ?? '/healthz',
          port: 'traffic-port',
          matcher: '200',
          timeoutSeconds: 5,
        },
      }),
      targets: async () => look().targets ?? WELL.targets ?? [],
      slowStartSeconds: story.slowStartSeconds ?? (async () => 0),
    },
    alarms: {
      alarms: async (names) => (look().alarms ?? []).filter(({ name }) => names.includes(name)),
    },
    metrics: { requests: async () => look().requests ?? BUSY },
    probing: async () => story.probe?.probing ?? unused(),
  };
}

export async function aVerification(story: Story = {}) {
  const clock = fakeClock();
  const { probeImage } = story;
  const delivery = await inMemoryDelivery({
    clock,
    contract: (agreed) => (probeImage === undefined ? agreed : withProbe(agreed, probeImage)),
  });
  const plan = makePlan({
    kind: 'deploy',
    target: ACME,
    cluster: 'acme-prod',
    container: 'orders',
    image: ORDERS_IMAGE,
    current: {
      arn: `${ARN}:task-definition/acme-prod-orders:7`,
      family: 'acme-prod-orders',
      active: true,
      document: { containerDefinitions: [{ name: 'orders', image: 'before' }] },
      tags: [],
    },
    wanted: { document: { containerDefinitions: [{ name: 'orders', image: 'after' }] }, revision: undefined },
    service: [],
    migration: null,
    request: OTHER,
    notes: [],
  });
  const record: ImageRecord = {
    schemaVersion: 1,
    image: ORDERS_IMAGE,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    platforms: [{ platform: 'linux/amd64', digest: CHILD }],
    revision: '0123456789abcdef0123456789abcdef01234567',
    ref: 'refs/heads/main',
    inputsDigest: OTHER,
    base: [],
    builder: 'own',
    reused: false,
    pushedAt: '2026-11-24T09:00:00Z',
  };
  const usual = await delivery.find(await delivery.bring('proposed'));
  const documents = { plan, 'image-record': record };
  const resolved = { ...(await usual.document('resolved', ResolvedService)), ...story.bake };
  const change = await delivery.bring('deploying', { documents: { ...documents, resolved } });
  const planned = (await delivery.find(change)).evidence('plan');
  const report: DeploymentReport = {
    schemaVersion: 1,
    change,
    target: ACME,
    plan: planned ?? OTHER,
    outcome: 'deployed',
    why: 'ECS calls it SUCCESSFUL',
    cluster: 'acme-prod',
    container: 'orders',
    image: formatImage(ORDERS_IMAGE),
    taskDefinition: NEW,
    previousTaskDefinition: `${ARN}:task-definition/acme-prod-orders:7`,
    serviceDeployment: 'deployment-2',
    serviceRevision: `${ARN}:service-revision/acme-prod/orders/2`,
    rollout: 'ecs-svc/2',
    tasks: { requested: 2, running: 2, pending: 0 },
    zones: {},
    breaker: null,
    causes: [],
    startedAt: '2026-11-24T08:50:00Z',
    finishedAt: '2026-11-24T08:55:00Z',
    ...story.report,
  };
  const digest = await putDocument(delivery.vault, report);
  const start = clock.now();
  const verify = async (
    runner: FakeRunner = fakeRunner(),
    given: Partial<AgreedInputs> = {},
    runId = '9001',
  ) => {
    const world: VerifyWorld = {
      ...delivery.as('deploy', { runner, claims: { runId } }),
      ...looksOf(story, runner, clock, start),
      zones: {
        names:
          story.zoneNames ??
          (async () =>
            new Map([
              ['euw1-az1', 'eu-west-1a'],
              ['euw1-az2', 'eu-west-1b'],
            ])),
      },
    };
    const inputs = { report: digest, 'timeout-minutes': story.minutes ?? 10, 'wait-minutes': 10, ...given };
    const outcome = await runAgreed({ contract: 'signed', ...UNASKED, ...ACME, change, ...inputs }, world);
    return { outcome, runner };
  };
  const find = () => delivery.find(change);
  const world = delivery.as('deploy');
  await takeDeployLock(world, await delivery.admission(), await delivery.find(change, 'deploy'));
  /** Another change of the service begins to deploy, in a run of its own. */
  const overtake = async () => {
    const next = delivery.as('deploy', { claims: { runId: '9002' } });
    const other = await delivery.bring('approved', { documents });
    const admission = await delivery.admission();
    await (await takeDeployLock(next, admission, await resumeChange(next, admission, other))).endOthers();
  };
  const lock = async (): Promise<{ holder: unknown; until: string; unsettled: readonly string[] }> => {
    const stored = await delivery.vault.read(lockKey('prod', 'orders'));
    return JSON.parse(Buffer.from(stored?.bytes ?? []).toString());
  };
  return { lock, clock, delivery, change, digest, verify, find, overtake, start };
}

function withProbe(contract: TenantContract, image: string): TenantContract {
  const { prod } = contract.environments;
  return prod ? { ...contract, environments: { prod: { ...prod, probe: { image } } } } : contract;
}

async function unused(): Promise<never> {
  throw new Error('verifying does not ask for this');
}

export function service(taskDefinition: string, graceSeconds?: number): Service {
  return {
    arn: `${ARN}:service/acme-prod/orders`,
    clusterArn: `${ARN}:cluster/acme-prod`,
    status: 'ACTIVE',
    controller: 'ECS',
    strategy: 'ROLLING',
    taskDefinition,
    desired: 2,
    running: 2,
    deployments: [],
    events: [],
    document: {
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['subnet-a'], securityGroups: ['sg-1'], assignPublicIp: 'ENABLED' },
      },
      ...(graceSeconds !== undefined && { healthCheckGracePeriodSeconds: graceSeconds }),
    },
    breaker: { enabled: true, rollback: true },
  };
}
