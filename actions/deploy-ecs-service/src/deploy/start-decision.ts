import type { Admission, ChangeHandle } from '@tenant-delivery/delivery';
import {
  type DeploymentStart,
  type DeployRequest,
  type HeldLock,
  type InProgress,
  inProgress,
  isActive,
  listableSince,
  type Plan,
  planDifferences,
  type RolloutEntry,
  type Service,
  type ServiceRef,
  sameTaskDefinition,
  startOfEntry,
  startOfRevision,
  type TaskDefinitionDocument,
  type Visibility,
} from '@tenant-delivery/deployment';
import { formatImage } from '@tenant-delivery/domain';
import type { DeployWorld, EcsWorld } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import { assertStillApproved } from '../plan/approval.ts';
import { type Deployment, said, wantedFrom } from '../plan/deployment.ts';
import { type ObservedChange, observeChange } from '../plan/observe-change.ts';
import { type Intent, type Prepared, prepare } from '../plan/prepare.ts';
import type { KnownAnswers } from '../preflight/preflight.ts';
import { deliveryRequest } from '../request/delivery-request.ts';
import type { MigrationResult } from './migrate.ts';
import { ServiceBefore } from './service-before.ts';
import { type Policy, waitForOthers } from './wait-for-others.ts';

/** How a deploy goes on from what is there now. */
export type StartDecision =
  | { readonly kind: 'update'; readonly deployment: Deployment; readonly looked?: KnownAnswers }
  /** The update was sent by an earlier attempt, or by another run that wants the same: it is followed, whatever became of it. */
  | { readonly kind: 'attach'; readonly started: DeploymentStart }
  /** Another deployment is in progress, and is waited for first. */
  | { readonly kind: 'wait' }
  /** The service was updated, and ECS needed no new deployment for that. */
  | { readonly kind: 'settled'; readonly taskDefinition: string }
  /** The run was cancelled before the service was updated. */
  | { readonly kind: 'cancelled' }
  | Exclude<MigrationResult, { readonly kind: 'done' }>
  /** The service runs what is wanted, by whomever. */
  | { readonly kind: 'unchanged' };

/** What a delivery begins with, and until when it may wait to begin. */
export interface StartFacts {
  readonly approved: Plan;
  readonly intent: Intent;
  readonly visibility: Visibility;
  readonly observed: ObservedChange;
  /** `undefined` when an earlier attempt may have begun: then that is looked for first. */
  readonly prepared: Prepared | undefined;
  readonly policy: Policy;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** What an earlier attempt began is followed; what others do is met by the policy; anything else begins now. */
export async function decideStart(
  world: DeployWorld,
  admission: Admission,
  change: ChangeHandle,
  lock: HeldLock,
  { approved, intent, visibility, observed, prepared, policy, deadline }: StartFacts,
): Promise<StartDecision> {
  const started = await startedBefore(
    world,
    admission,
    change,
    approved,
    intent.request,
    observed,
    visibility,
  );
  if (started) return { kind: 'attach', started };
  const first = prepared ?? (await prepare(world, admission, change, observed, intent));
  const decision = await decide(
    world,
    admission,
    change,
    approved,
    first,
    policy,
    visibility,
    listedBy(visibility),
  );
  if (decision.kind !== 'wait') return decision;
  await waitForOthers(world, admission, lock, deadline);
  if (world.runner.cancelled.aborted) return decision;
  const again = await prepare(
    world,
    admission,
    change,
    await observeChange(world, admission, change),
    intent,
  );
  return decide(world, admission, change, approved, again, 'fail', visibility);
}

/** Compares what is there with what was approved; throws PLAN_CHANGED or DEPLOYMENT_IN_PROGRESS. */
async function decide(
  world: DeployWorld,
  admission: Admission,
  change: ChangeHandle,
  approved: Plan,
  now: Prepared,
  policy: Policy,
  visibility: Visibility,
  deployments?: KnownAnswers['deployments'],
): Promise<StartDecision> {
  const other = await inProgress(world, admission, now.service, deployments);
  const met = other && (await meet(world, admission, now, other, policy, visibility));
  if (met) return met;
  if (!now.plan.changes && now.plan.image.to === approved.image.to) return { kind: 'unchanged' };
  const differences = planDifferences(approved, now.plan);
  if (differences.length > 0) throw failures.planChanged(differences);
  assertStillApproved(admission, change, world.clock.now());
  if (now.verdictUntil !== undefined && world.clock.now() >= now.verdictUntil) {
    throw failures.verdictUnusable(`it was good until ${new Date(now.verdictUntil).toISOString()}`);
  }
  const images = new Map([[formatImage(now.image), now.stored]]);
  return { kind: 'update', deployment: now, looked: { images, deployments } };
}

/** What was listed to find out whether this can be followed; `undefined` where it could not be. */
function listedBy({ visibleIn, listed }: Visibility): KnownAnswers['deployments'] {
  return visibleIn === 'service-deployment' && listed.length > 0 ? listed : undefined;
}

/** What an earlier attempt of this change began, if it did: what was begun is followed, without judging it again. */
async function startedBefore(
  world: DeployWorld,
  admission: Admission,
  change: ChangeHandle,
  approved: Plan,
  request: DeployRequest,
  { resolved, image, service }: ObservedChange,
  visibility: Visibility,
): Promise<DeploymentStart | undefined> {
  if (change.state !== 'deploying') return undefined;
  const from = await world.services.taskDefinition(approved.taskDefinition.from);
  if (!from) throw failures.planChanged([`taskDefinition.from: ${approved.taskDefinition.from} was deleted`]);
  // Revisions are immutable, so `from` still says what it said.
  const result = await wantedFrom(world, admission, from, deliveryRequest(request, resolved, image, from));
  if ('mistakes' in result) throw failures.requestInvalid(said(result.mistakes));
  const before = await change.document('service-before', ServiceBefore);
  const { document } = result.wanted;
  return visibility.visibleIn === 'rollout-entry'
    ? entryIf(world, service, document, (primary) => primary.id !== before.rollout)
    : findStart(world, admission, document, before);
}

/** What to do about another deployment, by the policy; `undefined` to go on over it. */
export async function meet(
  world: EcsWorld,
  place: ServiceRef,
  deployment: Deployment,
  other: InProgress,
  policy: Policy,
  visibility: Visibility,
): Promise<StartDecision | undefined> {
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
      const started = await findActive(world, place, deployment, visibility);
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
  { names, target }: ServiceRef,
  { service, wanted, update }: Deployment,
  visibility: Visibility,
): Promise<DeploymentStart | undefined> {
  if (Object.keys(update.members).length > 0) return undefined;
  if (visibility.visibleIn === 'rollout-entry') {
    return entryIf(world, service, wanted.document, ({ rolloutState }) => rolloutState === 'IN_PROGRESS');
  }
  const since = listableSince(0, world.clock.now());
  const [newest] = await world.services.deployments(names.cluster, target.service, since);
  return isActive(newest) ? startIf(world, newest, wanted.document) : undefined;
}

/** The deployment of the service that goes on, whatever it brings. */
export async function findNewest(
  { services, clock }: Pick<EcsWorld, 'services' | 'clock'>,
  { names, target }: ServiceRef,
  { deployments }: Service,
  visibility: Visibility,
): Promise<DeploymentStart | undefined> {
  const primary = deployments.find((each) => each.primary);
  if (visibility.visibleIn === 'rollout-entry') return primary && startOfEntry(primary);
  const [newest] = await services.deployments(names.cluster, target.service, listableSince(0, clock.now()));
  return isActive(newest)
    ? startOfRevision(newest.arn, await services.revision(newest.targetRevision))
    : undefined;
}

/** The service's own entry, for a role that may not list service deployments. */
async function entryIf(
  { services }: Pick<EcsWorld, 'services'>,
  { deployments }: Service,
  wanted: TaskDefinitionDocument,
  fits: (primary: RolloutEntry) => boolean,
): Promise<DeploymentStart | undefined> {
  const primary = deployments.find((each) => each.primary);
  if (!primary || !fits(primary)) return undefined;
  const definition = await services.taskDefinition(primary.taskDefinition);
  return definition && sameTaskDefinition(definition.document, wanted) ? startOfEntry(primary) : undefined;
}

async function findStart(
  { services, clock }: DeployWorld,
  { names, target }: ServiceRef,
  wanted: TaskDefinitionDocument,
  before: ServiceBefore,
): Promise<DeploymentStart | undefined> {
  const since = listableSince(before.since, clock.now());
  for (const listed of await services.deployments(names.cluster, target.service, since)) {
    if (before.serviceDeployments.includes(listed.arn)) continue;
    const started = await startIf({ services }, listed, wanted);
    if (started) return started;
  }
  return undefined;
}

async function startIf(
  { services }: Pick<EcsWorld, 'services'>,
  listed: { readonly arn: string; readonly targetRevision: string },
  wanted: TaskDefinitionDocument,
): Promise<DeploymentStart | undefined> {
  const revision = await services.revision(listed.targetRevision);
  const definition = await services.taskDefinition(revision.taskDefinition);
  if (!definition || !sameTaskDefinition(definition.document, wanted)) return undefined;
  return startOfRevision(listed.arn, revision);
}
