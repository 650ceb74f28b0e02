import type { Admission, ChangeHandle } from '@tenant-delivery/delivery';
import {
  type DeployRequest,
  listableSince,
  type Plan,
  planDifferences,
  type RolloutEntry,
  type Service,
  type ServiceRevision,
  sameTaskDefinition,
  startedByOf,
  type TaskDefinitionDocument,
} from '@tenant-delivery/deployment';
import { formatImage } from '@tenant-delivery/domain';
import type { DeployWorld, EcsWorld } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import { assertStillApproved } from '../plan/approval.ts';
import { type Making, said, wantedFrom } from '../plan/deployment.ts';
import { type Inspected, inspect } from '../plan/observe-change.ts';
import { type Intent, type Prepared, prepare } from '../plan/prepare.ts';
import type { Looked } from '../preflight/preflight.ts';
import { askedOf } from '../request/delivery-request.ts';
import { type InProgress, inProgress, isActive, type Policy, waitForOthers } from './in-progress.ts';
import type { Migrated } from './migrate.ts';
import type { Begun } from './observe.ts';
import { ServiceBefore } from './service-before.ts';
import type { Hold, Place } from './service-ref.ts';
import { begunAs, type Sight } from './visibility.ts';

/** How a deploy goes on from what is there now. */
export type Beginning =
  | { readonly kind: 'update'; readonly making: Making; readonly looked?: Looked }
  /** The update was sent by an earlier attempt, or by another run that wants the same: it is followed, whatever became of it. */
  | { readonly kind: 'attach'; readonly started: Started }
  /** Another deployment is in progress, and is waited for first. */
  | { readonly kind: 'wait' }
  /** The service was updated, and ECS needed no new deployment for that. */
  | { readonly kind: 'settled'; readonly taskDefinition: string }
  /** The run was cancelled before the service was updated. */
  | { readonly kind: 'cancelled' }
  | Exclude<Migrated, { readonly kind: 'done' }>
  /** The service runs what is wanted, by whomever. */
  | { readonly kind: 'unchanged' };

/** What a delivery begins with, and until when it may wait to begin. */
export interface ToBegin {
  readonly approved: Plan;
  readonly intent: Intent;
  readonly sight: Sight;
  readonly inspected: Inspected;
  /** `undefined` when an earlier attempt may have begun: then that is looked for first. */
  readonly prepared: Prepared | undefined;
  readonly policy: Policy;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** What an earlier attempt began is followed; what others do is met by the policy; anything else begins now. */
export async function beginningOf(
  world: DeployWorld,
  admission: Admission,
  change: ChangeHandle,
  lock: Hold,
  { approved, intent, sight, inspected, prepared, policy, deadline }: ToBegin,
): Promise<Beginning> {
  const started = await beganBefore(world, admission, change, approved, intent.request, inspected, sight);
  if (started) return { kind: 'attach', started };
  const first = prepared ?? (await prepare(world, admission, change, inspected, intent));
  const beginning = await begin(world, admission, change, approved, first, policy, sight, listedBy(sight));
  if (beginning.kind !== 'wait') return beginning;
  await waitForOthers(world, admission, lock, deadline);
  if (world.runner.cancelled.aborted) return beginning;
  const again = await prepare(world, admission, change, await inspect(world, admission, change), intent);
  return begin(world, admission, change, approved, again, 'fail', sight);
}

/** A service deployment of ours. */
export type Started = Begun;

/** Compares what is there with what was approved; throws PLAN_CHANGED or DEPLOYMENT_IN_PROGRESS. */
async function begin(
  world: DeployWorld,
  admission: Admission,
  change: ChangeHandle,
  approved: Plan,
  now: Prepared,
  policy: Policy,
  sight: Sight,
  deployments?: Looked['deployments'],
): Promise<Beginning> {
  const other = await inProgress(world, admission, now.service, deployments);
  const met = other && (await meet(world, admission, now, other, policy, sight));
  if (met) return met;
  if (!now.plan.changes && now.plan.image.to === approved.image.to) return { kind: 'unchanged' };
  const differences = planDifferences(approved, now.plan);
  if (differences.length > 0) throw failures.planChanged(differences);
  assertStillApproved(admission, change, world.clock.now());
  if (now.verdictUntil !== undefined && world.clock.now() >= now.verdictUntil) {
    throw failures.verdictUnusable(`it was good until ${new Date(now.verdictUntil).toISOString()}`);
  }
  const images = new Map([[formatImage(now.image), now.stored]]);
  return { kind: 'update', making: now, looked: { images, deployments } };
}

/** What was listed to find out whether this can be followed; `undefined` where it could not be. */
function listedBy({ seenIn, listed }: Sight): Looked['deployments'] {
  return seenIn === 'service-deployment' && listed.length > 0 ? listed : undefined;
}

/** What an earlier attempt of this change began, if it did: what was begun is followed, without judging it again. */
async function beganBefore(
  world: DeployWorld,
  admission: Admission,
  change: ChangeHandle,
  approved: Plan,
  request: DeployRequest,
  { resolved, image, service }: Inspected,
  sight: Sight,
): Promise<Started | undefined> {
  if (change.state !== 'deploying') return undefined;
  const from = await world.services.taskDefinition(approved.taskDefinition.from);
  if (!from) throw failures.planChanged([`taskDefinition.from: ${approved.taskDefinition.from} was deleted`]);
  // Revisions are immutable, so `from` still says what it said.
  const result = await wantedFrom(world, admission, from, askedOf(request, resolved, image, from));
  if ('mistakes' in result) throw failures.requestInvalid(said(result.mistakes));
  const before = await change.document('service-before', ServiceBefore);
  const { document } = result.wanted;
  return sight.seenIn === 'rollout-entry'
    ? entryIf(world, service, document, (primary) => primary.id !== before.rollout)
    : findStarted(world, admission, document, before);
}

/** What to do about another deployment, by the policy; `undefined` to go on over it. */
export async function meet(
  world: EcsWorld,
  place: Place,
  making: Making,
  other: InProgress,
  policy: Policy,
  sight: Sight,
): Promise<Beginning | undefined> {
  const { service } = place.target;
  switch (policy) {
    case 'wait':
      return { kind: 'wait' };
    case 'replace':
      world.runner.warning(
        `${other.id} is in progress and will be replaced; it brings ${other.taskDefinition}`,
      );
      return undefined;
    case 'attach': {
      const started = await findActive(world, place, making, sight);
      if (!started) throw failures.deploymentInProgress(service, other.id);
      world.runner.info(`${other.id} brings what is wanted already: it is followed`);
      return { kind: 'attach', started };
    }
    case 'fail':
      throw failures.deploymentInProgress(service, other.id);
  }
}

/** The newest deployment of the service, if it goes on, brings what is wanted, and nothing else is left to be set. */
export async function findActive(
  world: Pick<EcsWorld, 'services' | 'clock'>,
  { names, target }: Place,
  { service, wanted, update }: Making,
  sight: Sight,
): Promise<Started | undefined> {
  if (Object.keys(update.members).length > 0) return undefined;
  if (sight.seenIn === 'rollout-entry') {
    return entryIf(world, service, wanted.document, ({ rolloutState }) => rolloutState === 'IN_PROGRESS');
  }
  const since = listableSince(0, world.clock.now());
  const [newest] = await world.services.deployments(names.cluster, target.service, since);
  return isActive(newest) ? startedIf(world, newest, wanted.document) : undefined;
}

/** The deployment of the service that goes on, whatever it brings. */
export async function findNewest(
  { services, clock }: Pick<EcsWorld, 'services' | 'clock'>,
  { names, target }: Place,
  { deployments }: Service,
  sight: Sight,
): Promise<Started | undefined> {
  const primary = deployments.find((each) => each.primary);
  if (sight.seenIn === 'rollout-entry') return primary && begunAs(primary);
  const [newest] = await services.deployments(names.cluster, target.service, listableSince(0, clock.now()));
  return isActive(newest) ? startedOf(newest.arn, await services.revision(newest.targetRevision)) : undefined;
}

/** The service's own entry, for a role that may not list service deployments. */
async function entryIf(
  { services }: Pick<EcsWorld, 'services'>,
  { deployments }: Service,
  wanted: TaskDefinitionDocument,
  fits: (primary: RolloutEntry) => boolean,
): Promise<Started | undefined> {
  const primary = deployments.find((each) => each.primary);
  if (!primary || !fits(primary)) return undefined;
  const definition = await services.taskDefinition(primary.taskDefinition);
  return definition && sameTaskDefinition(definition.document, wanted) ? begunAs(primary) : undefined;
}

async function findStarted(
  { services, clock }: DeployWorld,
  { names, target }: Place,
  wanted: TaskDefinitionDocument,
  before: ServiceBefore,
): Promise<Started | undefined> {
  const since = listableSince(before.since, clock.now());
  for (const listed of await services.deployments(names.cluster, target.service, since)) {
    if (before.serviceDeployments.includes(listed.arn)) continue;
    const started = await startedIf({ services }, listed, wanted);
    if (started) return started;
  }
  return undefined;
}

async function startedIf(
  { services }: Pick<EcsWorld, 'services'>,
  listed: { readonly arn: string; readonly targetRevision: string },
  wanted: TaskDefinitionDocument,
): Promise<Started | undefined> {
  const revision = await services.revision(listed.targetRevision);
  const definition = await services.taskDefinition(revision.taskDefinition);
  if (!definition || !sameTaskDefinition(definition.document, wanted)) return undefined;
  return startedOf(listed.arn, revision);
}

function startedOf(
  serviceDeployment: string,
  { arn, taskDefinition, targetGroups }: ServiceRevision,
): Started {
  const rollout = startedByOf(arn);
  return { serviceDeployment, serviceRevision: arn, taskDefinition, rollout, targetGroups };
}
