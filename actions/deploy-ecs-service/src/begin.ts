import type { Admission, ChangeHandle } from '@tenant-delivery/delivery';
import {
  listableSince,
  type Plan,
  planDifferences,
  registrable,
  sameTaskDefinition,
  startedByOf,
  type TaskDefinitionDocument,
  withImage,
} from '@tenant-delivery/deployment';
import { parseImage } from '@tenant-delivery/domain';
import { assertStillApproved } from './approved.ts';
import type { DeployWorld } from './deploy-world.ts';
import { failures } from './failures.ts';
import type { Prepared } from './prepare.ts';
import { ServiceBefore } from './service-before.ts';
import { unfinished } from './steady.ts';

/** How a deploy goes on from what is there now. */
export type Beginning =
  | { readonly kind: 'update'; readonly wanted: TaskDefinitionDocument }
  /** An earlier attempt of this change has sent the update: it is followed, whatever became of it. */
  | { readonly kind: 'attach'; readonly started: Started }
  /** The service runs what the plan wants, by whomever. */
  | { readonly kind: 'unchanged' };

/** A service deployment of ours. */
export interface Started {
  readonly serviceDeployment: string;
  readonly serviceRevision: string;
  readonly taskDefinition: string;
  /** `ecs-svc/…`: what its tasks carry in `startedBy`. */
  readonly rollout: string;
}

/** Compares what is there with what was approved; throws PLAN_CHANGED or DEPLOYMENT_IN_PROGRESS. */
export async function begin(
  world: DeployWorld,
  admission: Admission,
  change: ChangeHandle,
  approved: Plan,
  now: Prepared,
): Promise<Beginning> {
  if (change.state === 'deploying') {
    const wanted = await wantedBy(world, approved);
    const before = await change.document('service-before', ServiceBefore);
    const started = await findStarted(world, admission, wanted, before);
    if (started) return { kind: 'attach', started };
  }
  const rollout = unfinished(now.service);
  if (rollout) throw failures.deploymentInProgress(admission.target.service, rollout.id);
  if (!now.plan.changes && now.plan.image.to === approved.image.to) return { kind: 'unchanged' };
  const differences = planDifferences(approved, now.plan);
  if (differences.length > 0) throw failures.planChanged(differences);
  if (change.state === 'deploying') assertStillApproved(admission, change, world.clock.now());
  if (now.verdictUntil !== undefined && world.clock.now() >= now.verdictUntil) {
    throw failures.verdictUnusable(`it was good until ${new Date(now.verdictUntil).toISOString()}`);
  }
  return { kind: 'update', wanted: wantedFrom(now.current.document, approved) };
}

/** The task definition that the plan stands for: revisions are immutable, so `from` still says what it said. */
async function wantedBy({ services }: DeployWorld, plan: Plan): Promise<TaskDefinitionDocument> {
  const from = await services.taskDefinition(plan.taskDefinition.from);
  if (!from) throw failures.planChanged([`taskDefinition.from: ${plan.taskDefinition.from} was deleted`]);
  return wantedFrom(from.document, plan);
}

function wantedFrom(document: TaskDefinitionDocument, plan: Plan): TaskDefinitionDocument {
  const image = parseImage(plan.image.to);
  if (!image) throw new TypeError(`the plan names ${plan.image.to}, which is no image by digest`);
  return withImage(registrable(document), plan.image.container, image);
}

async function findStarted(
  { services, clock }: DeployWorld,
  { names, target }: Admission,
  wanted: TaskDefinitionDocument,
  before: ServiceBefore,
): Promise<Started | undefined> {
  const since = listableSince(before.since, clock.now());
  for (const listed of await services.deployments(names.cluster, target.service, since)) {
    if (before.serviceDeployments.includes(listed.arn)) continue;
    const revision = await services.revision(listed.targetRevision);
    const definition = await services.taskDefinition(revision.taskDefinition);
    if (!definition || !sameTaskDefinition(definition.document, wanted)) continue;
    return {
      serviceDeployment: listed.arn,
      serviceRevision: revision.arn,
      taskDefinition: definition.arn,
      rollout: startedByOf(revision.arn),
    };
  }
  return undefined;
}
