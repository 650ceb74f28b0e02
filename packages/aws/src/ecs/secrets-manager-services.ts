import type { Deployment, Service } from '@aws-sdk/client-ecs';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import type {
  EcsConsumers,
  ObservedService,
  ServiceChange,
} from '@tenant-delivery/credentials/secrets-manager/ports';
import { registrationsOf } from '@tenant-delivery/deployment/health/registrations';
import type { ServiceDeployer, TargetReader } from '@tenant-delivery/deployment/ports';
import { sameTaskDefinition } from '@tenant-delivery/deployment/task-definition/canonical';
import { namingVersion, secretUses } from '@tenant-delivery/deployment/task-definition/secret-uses';
import { registrable } from '@tenant-delivery/deployment/task-definition/task-definition';
import type { Json } from '@tenant-delivery/domain';
import type { Answer } from '@tenant-delivery/rotation/ports';
import { messageOf, required } from '../errors/translate.ts';
import type { ClusterReader } from './cluster.ts';
import { isFargate, isGiven, observeTasks } from './secrets-manager-tasks.ts';
import { untilSeen } from './until-seen.ts';

/** The lock of a service that a delivery holds while it changes it. */
export interface ServiceLocks {
  busy(service: string): Promise<ObservedService['busy']>;
  hold(service: string): Promise<HeldService | { readonly refused: string }>;
}

export interface HeldService {
  /** Throws when it is ours no more. */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

export interface SecretsManagerServicesSettings {
  /** The ARN of the secret, its random end included. */
  readonly secret: string;
  readonly cluster: ClusterReader;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly targets: Pick<TargetReader, 'targets'>;
  readonly locks: ServiceLocks;
  /** Services that may be changed. */
  readonly agreed: readonly string[];
  /** Proves once more that it may be changed, as every deployment does. Throws when it may not. */
  deployerOf(service: string): Promise<ServiceDeployer>;
}

type Document = { readonly [member: string]: Json };

/** Every service and task of a cluster that is given a secret, and how a new version gets there. */
export function secretsManagerServices(settings: SecretsManagerServicesSettings): EcsConsumers {
  const { secret, cluster, clock, deployerOf } = settings;
  return {
    observe: async (version) => {
      const [services, tasks] = await Promise.all([cluster.services(), cluster.tasks()]);
      const active = services.filter((each) => each.status === 'ACTIVE');
      const [observed, observedTasks] = await Promise.all([
        Promise.all(active.map((each) => observeService(settings, each, version))),
        observeTasks(settings, active, tasks),
      ]);
      return { services: observed.flatMap((one) => one ?? []), tasks: observedTasks };
    },
    register: async (service, from, version) => {
      try {
        const { document, tags } = await cluster.definition(from);
        const deployer = await deployerOf(service);
        const wanted = registrable(namingVersion(document, secret, version));
        const kept = tags.filter(({ key }) => !/^aws:/i.test(key));
        return await answerTo(clock, deployer.register(wanted, kept), async ({ family, arn }) => {
          return (await cluster.latest(family))?.arn === arn;
        });
      } catch (cause) {
        return { refused: messageOf(cause) };
      }
    },
    deploy: ({ revision, ...change }) =>
      changed(settings, change, (deployer) => deployer.update({ taskDefinition: revision })),
    restart: (change) =>
      changed(settings, change, (deployer) =>
        deployer.update({ taskDefinition: change.from, members: { forceNewDeployment: true } }),
      ),
  };
}

/** Changes the service if it is as it was seen. It is held for us while the change is sent. */
async function changed(
  { cluster, clock, locks, deployerOf }: SecretsManagerServicesSettings,
  { service, from, rollout }: ServiceChange,
  send: (deployer: ServiceDeployer) => ReturnType<ServiceDeployer['update']>,
): Promise<Answer> {
  let lock: HeldService | undefined;
  try {
    const held = await locks.hold(service);
    if ('refused' in held) return held;
    lock = held;
    const [deployer, now] = [await deployerOf(service), await cluster.service(service)];
    const runs = now === undefined ? undefined : rolloutOf(now);
    const same = now !== undefined && now.taskDefinition === from && runs?.id === rollout;
    if (!same || runs?.state === 'going') return { refused: 'the service is no longer as it was seen' };
    await lock.assertHeld();
    return await answerTo(clock, send(deployer), async (updated) => {
      const begun = updated.deployments.find(({ primary }) => primary)?.id;
      const seen = await cluster.service(service);
      return seen !== undefined && deploymentsOf(seen).some(({ id }) => id === begun);
    });
  } catch (cause) {
    return { refused: messageOf(cause) }; // before anything was sent: what is sent has an answer of its own
  } finally {
    await lock?.release().catch(() => {}); // its lease ends by itself
  }
}

/** `seen` says whether ECS shows what was sent: the next observation would send it again. */
async function answerTo<T extends object>(
  clock: Pick<Clock, 'sleep'>,
  sent: Promise<T | 'unknown'>,
  seen: (made: T) => Promise<boolean>,
): Promise<Answer> {
  try {
    const made = await sent;
    if (made === 'unknown') return 'unknown';
    await untilSeen(clock, () => seen(made));
    return 'done';
  } catch (cause) {
    return { refused: messageOf(cause) };
  }
}

async function observeService(
  { secret, cluster, locks, agreed }: SecretsManagerServicesSettings,
  service: Service,
  version: string | undefined,
): Promise<ObservedService | undefined> {
  const id = required(service.serviceName, 'services[].serviceName');
  const taskDefinition = required(service.taskDefinition, 'services[].taskDefinition');
  const { document, family, arn } = await cluster.definition(taskDefinition);
  const uses = secretUses(document, secret);
  if (!isGiven(uses)) return undefined;
  const [newest, busy] = await Promise.all([
    version === undefined ? undefined : cluster.latest(family),
    agreed.includes(id) ? locks.busy(id) : undefined,
  ]);
  const like =
    version !== undefined &&
    newest !== undefined &&
    newest.arn !== arn &&
    sameTaskDefinition(newest.document, registrable(namingVersion(document, secret, version)));
  return {
    id,
    taskDefinition,
    uses,
    prepared: like ? { version, revision: newest.arn } : undefined,
    rollout: rolloutOf(service),
    settled: deploymentsOf(service).length === 1,
    desired: required(service.desiredCount, 'services[].desiredCount'),
    busy,
    obstacles: obstaclesOf(service, document, uses, agreed.includes(id)),
  };
}

function deploymentsOf(service: Service): readonly Deployment[] {
  return required(service.deployments, 'services[].deployments');
}

/** ECS tells of no state where it does not roll by itself: then the counts tell. */
function rolloutOf(service: Service): ObservedService['rollout'] {
  const all = deploymentsOf(service);
  const primary = required(
    all.find((each) => each.status === 'PRIMARY'),
    'the PRIMARY deployment',
  );
  const said = primary.rolloutState;
  const whole = all.length === 1 && (primary.runningCount ?? 0) >= (primary.desiredCount ?? 0);
  const done = said === 'COMPLETED' || (said === undefined && whole);
  return {
    id: required(primary.id, 'deployments[].id'),
    state: done ? 'done' : said === 'FAILED' ? 'failed' : 'going',
    createdAt: required(primary.createdAt, 'deployments[].createdAt').getTime(),
  };
}

function obstaclesOf(
  service: Service,
  document: Document,
  uses: ReturnType<typeof secretUses>,
  agreed: boolean,
): readonly string[] {
  const controller = service.deploymentController?.type ?? 'ECS';
  const behind = registrationsOf(service).length > 0;
  const providers = (service.capacityProviderStrategy ?? []).map((one) => one.capacityProvider);
  const says: string[] = [];
  if (!agreed)
    says.push('the contract has no such service; let the contract name it, or take the secret out of it');
  if (controller !== 'ECS') says.push(`${controller} deploys it; deploy it by ECS`);
  if (behind && document['networkMode'] !== 'awsvpc')
    says.push('its targets are no tasks, so that none can be looked at; use the network mode awsvpc');
  if (uses.fixed && !isFargate(service.launchType, providers))
    says.push('its images may come from a cache of their hosts, which shows nothing; run it on Fargate');
  if (/^1\.[0-3]\./.test(service.platformVersion ?? ''))
    says.push('its platform version cannot name the version of a secret; use 1.4.0 or LATEST');
  return says;
}
