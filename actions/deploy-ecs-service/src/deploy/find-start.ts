import {
  type DeploymentStart,
  startOfEntry,
  startOfRevision,
} from '@tenant-delivery/deployment/follow/deployment-start';
import { isActive } from '@tenant-delivery/deployment/follow/in-progress';
import { listableSince } from '@tenant-delivery/deployment/follow/service-deployment';
import type {
  RolloutEntry,
  Service,
  ServiceDeploymentBrief,
  TaskDefinitionDocument,
} from '@tenant-delivery/deployment/observed';
import { sameTaskDefinition } from '@tenant-delivery/deployment/task-definition/canonical';
import type { DeployPorts } from '../deploy-world.ts';
import type { Deployment } from '../plan/deployment.ts';
import type { DeployOptions } from './deploy-options.ts';
import type { ServiceBefore } from './service-before.ts';

type FindPorts = Pick<DeployPorts, 'services' | 'clock'>;
type StartOptions = Pick<DeployOptions, 'ref' | 'visibility'>;

/** What was begun of `wanted` since `before` was recorded. */
export async function findSince(
  { services, clock }: FindPorts,
  { ref, visibility }: StartOptions,
  { service, wanted }: { readonly service: Service; readonly wanted: TaskDefinitionDocument },
  before: ServiceBefore,
): Promise<DeploymentStart | undefined> {
  if (visibility.visibleIn === 'rollout-entry')
    return entryIf({ services }, service, wanted, (primary) => primary.id !== before.rollout);
  const { names, target } = ref;
  const since = listableSince(before.since, clock.now());
  for (const listed of await services.deployments(names.cluster, target.service, since)) {
    if (before.serviceDeployments.includes(listed.arn)) continue;
    const start = await startIf({ services }, listed, wanted);
    if (start) return start;
  }
  return undefined;
}

/** The newest deployment of the service, if it goes on, brings what is wanted, and nothing else is left to be set. */
export async function findActive(
  ports: FindPorts,
  { ref, visibility }: StartOptions,
  { service, wanted, update }: Deployment,
): Promise<DeploymentStart | undefined> {
  if (Object.keys(update.members).length > 0) return undefined;
  if (visibility.visibleIn === 'rollout-entry')
    return entryIf(ports, service, wanted.document, ({ rolloutState }) => rolloutState === 'IN_PROGRESS');
  const newest = await newestOf(ports, ref);
  return isActive(newest) ? startIf(ports, newest, wanted.document) : undefined;
}

/** The deployment of the service that goes on, whatever it brings. */
export async function findNewest(
  ports: FindPorts,
  { ref, visibility }: StartOptions,
  { deployments }: Service,
): Promise<DeploymentStart | undefined> {
  const primary = deployments.find((each) => each.primary);
  if (visibility.visibleIn === 'rollout-entry') return primary && startOfEntry(primary);
  const newest = await newestOf(ports, ref);
  if (!isActive(newest)) return undefined;
  return startOfRevision(newest, await ports.services.revision(newest.targetRevision));
}

async function newestOf({ services, clock }: FindPorts, { names, target }: StartOptions['ref']) {
  const since = listableSince(0, clock.now());
  const [newest] = await services.deployments(names.cluster, target.service, since);
  return newest;
}

/** The service's own entry, for a role that may not list service deployments. */
async function entryIf(
  { services }: Pick<FindPorts, 'services'>,
  { deployments }: Service,
  wanted: TaskDefinitionDocument,
  fits: (primary: RolloutEntry) => boolean,
): Promise<DeploymentStart | undefined> {
  const primary = deployments.find((each) => each.primary);
  if (!primary || !fits(primary)) return undefined;
  const definition = await services.taskDefinition(primary.taskDefinition);
  return definition && sameTaskDefinition(definition.document, wanted) ? startOfEntry(primary) : undefined;
}

async function startIf(
  { services }: Pick<FindPorts, 'services'>,
  listed: ServiceDeploymentBrief,
  wanted: TaskDefinitionDocument,
): Promise<DeploymentStart | undefined> {
  const revision = await services.revision(listed.targetRevision);
  const definition = await services.taskDefinition(revision.taskDefinition);
  if (!definition || !sameTaskDefinition(definition.document, wanted)) return undefined;
  return startOfRevision(listed, revision);
}
