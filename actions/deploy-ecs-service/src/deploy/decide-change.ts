import { assertStillApproved } from '@tenant-delivery/delivery/approved-plan';
import type { DeploymentStart } from '@tenant-delivery/deployment/follow/deployment-start';
import { inProgress } from '@tenant-delivery/deployment/follow/in-progress';
import { planDifferences } from '@tenant-delivery/deployment/plan/plan';
import { formatImage } from '@tenant-delivery/domain';
import type { PlanWorld } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import { said, wantedFrom } from '../plan/deployment.ts';
import { observeChange } from '../plan/observe-change.ts';
import { type Prepared, prepare } from '../plan/prepare.ts';
import type { KnownAnswers } from '../preflight/subject.ts';
import { deliveryRequest } from '../request/delivery-request.ts';
import type { ApprovedDeploy } from './approved-deploy.ts';
import type { DeployOptions } from './deploy-options.ts';
import { findSince } from './find-start.ts';
import { ServiceBefore } from './service-before.ts';
import { meetOther, type StartDecision } from './start-decision.ts';
import { type Policy, waitForOthers } from './wait-for-others.ts';

/** What an earlier attempt began is followed; what others do is met by the policy; anything else begins now. */
export async function decideChange(
  world: PlanWorld,
  delivery: ApprovedDeploy,
  { lock, deadline }: Pick<DeployOptions, 'lock' | 'deadline'>,
  policy: Policy,
): Promise<StartDecision> {
  const { admission, change, observed, intent, visibility } = delivery;
  const start = await startedBefore(world, delivery);
  if (start) return { kind: 'attach', start };
  const first = delivery.prepared ?? (await prepare(world, admission, change, observed, intent));
  const { visibleIn, listed } = visibility;
  const known = visibleIn === 'service-deployment' && listed.length > 0 ? listed : undefined;
  const decision = await decide(world, delivery, first, policy, known);
  if (decision.kind !== 'wait') return decision;
  await waitForOthers(world, admission, lock, deadline);
  if (world.runner.cancelled.aborted) return decision;
  const again = await observeChange(world, admission, change);
  return decide(world, delivery, await prepare(world, admission, change, again, intent), 'fail');
}

/** Compares what is there with what was approved; throws PLAN_CHANGED or DEPLOYMENT_IN_PROGRESS. */
async function decide(
  world: PlanWorld,
  { admission, change, approved, visibility }: ApprovedDeploy,
  now: Prepared,
  policy: Policy,
  deployments?: KnownAnswers['deployments'],
): Promise<StartDecision> {
  const other = await inProgress(world, admission, now.service, deployments);
  const met = other && (await meetOther(world, { ref: admission, visibility }, now, other, policy));
  if (met) return met;
  if (!now.plan.changes && now.plan.image.to === approved.image.to) return { kind: 'unchanged' };
  const differences = planDifferences(approved, now.plan);
  if (differences.length > 0) throw failures.planChanged(differences);
  assertStillApproved(admission, change, world.clock.now());
  if (now.verdictUntil !== undefined && world.clock.now() >= now.verdictUntil) {
    throw failures.verdictUnusable(`it was good until ${new Date(now.verdictUntil).toISOString()}`);
  }
  const images = new Map([[formatImage(now.image), now.stored]]);
  return { kind: 'update', deployment: now, known: { images, deployments } };
}

/** What an earlier attempt of this change began, if it did: what was begun is followed, without judging it again. */
async function startedBefore(
  world: PlanWorld,
  { admission, change, approved, intent, observed, visibility }: ApprovedDeploy,
): Promise<DeploymentStart | undefined> {
  if (change.state !== 'deploying') return undefined;
  const from = await world.services.taskDefinition(approved.taskDefinition.from);
  if (!from) throw failures.planChanged([`taskDefinition.from: ${approved.taskDefinition.from} was deleted`]);
  const { resolved, image, service } = observed;
  // Revisions are immutable, so `from` still says what it said.
  const asked = deliveryRequest(intent.request, resolved, image, from);
  const result = await wantedFrom(world, admission, from, asked);
  if ('mistakes' in result) throw failures.requestInvalid(said(result.mistakes));
  const before = await change.document('service-before', ServiceBefore);
  const wanted = result.wanted.document;
  return findSince(world, { ref: admission, visibility }, { service, wanted }, before);
}
