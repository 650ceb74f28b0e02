import { type ChangeHandle, evidenceIn, readDocument } from '@tenant-delivery/delivery/change';
import { failures as delivery } from '@tenant-delivery/delivery/failures';
import { RollbackTarget } from '@tenant-delivery/delivery/rollback-target';
import {
  deploymentByNumber,
  LIST_MARGIN,
  listableSince,
} from '@tenant-delivery/deployment/follow/service-deployment';
import type { Service, ServiceDeploymentBrief, ServiceRevision } from '@tenant-delivery/deployment/observed';
import type { DeployRequest } from '@tenant-delivery/deployment/plan/deploy-request';
import { NOTHING_ASKED } from '@tenant-delivery/deployment/plan/nothing-asked';
import { type Restored, restoredMembers } from '@tenant-delivery/deployment/plan/restored-members';
import type { ShapeName } from '@tenant-delivery/deployment/task-definition/known-members';
import { unknownMembers } from '@tenant-delivery/deployment/task-definition/shape-mistakes';
import { isObject, registrable } from '@tenant-delivery/deployment/task-definition/task-definition';
import { isDigest, type Json, parseImage } from '@tenant-delivery/domain';
import { loadChange } from '@tenant-delivery/evidence/record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import * as v from 'valibot';
import type { PlanWorld } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import type { ObservedService } from '../plan/observe-service.ts';

/** What a rollback asks of ECS, and what a reader of its plan is to know. */
export interface RollbackRequest {
  readonly request: DeployRequest;
  readonly notes: readonly string[];
}

/** As much of a deployment report as a rollback goes by; reports of earlier releases say no less. */
const Reported = v.object({
  taskDefinition: v.string(),
  serviceDeployment: v.nullable(v.string()),
  startedAt: v.string(),
});

/**
 * Asks for the very revision that the target was verified with, and for what differs of network, balancer, capacity and
 * volumes since. The record says which revision that was; ECS must call its deployment SUCCESSFUL where it still knows it.
 */
export async function rollbackRequest(
  world: PlanWorld,
  admission: Admission,
  change: ChangeHandle,
  { service, current }: ObservedService,
): Promise<RollbackRequest> {
  const { change: id } = await change.document('target', RollbackTarget);
  const events = await loadChange(world.vault, world.trust, admission.target, id);
  const reported = await readDocument(world, id, 'report', evidenceIn(events, 'report'), Reported);
  const definition = await world.services.taskDefinition(reported.taskDefinition);
  if (!definition) {
    const note = `${reported.taskDefinition}, which ${id} was verified with, was deleted: its image goes into ${current.arn}, with what that one says otherwise.`;
    return { request: NOTHING_ASKED, notes: [note] };
  }
  const { restored, notes } = await restoring(world, admission, id, reported, service);
  const update = { ...restored.members };
  const newer = unknownNames('UpdateServiceRequest', update);
  const kept = restored.kept.map((name) => `${name} was another with ${id} and stays as it is now.`);
  if (definition.active) {
    const source = { kind: 'revision', arn: definition.arn } as const;
    return { request: { ...NOTHING_ASKED, source, update, allowUnknown: newer }, notes: [...notes, ...kept] };
  }
  const file = `${definition.arn} of ${id}`;
  const document = registrable(definition.document);
  const source = { kind: 'document', file, document } as const;
  const allowUnknown = [...newer, ...unknownNames('RegisterTaskDefinitionRequest', document)];
  const note = `${definition.arn} is INACTIVE, which no service can take: its content is registered again.`;
  return { request: { ...NOTHING_ASKED, source, update, allowUnknown }, notes: [note, ...notes, ...kept] };
}

/** What AWS described and this release does not know: it comes from AWS, so it goes back as it is. */
function unknownNames(shape: ShapeName, value: Json): string[] {
  return unknownMembers(shape, value).map((keys) => keys.filter((key) => typeof key === 'string').join('.'));
}

interface Restoration {
  readonly restored: Restored;
  readonly notes: readonly string[];
}

async function restoring(
  world: PlanWorld,
  admission: Admission,
  id: string,
  reported: v.InferOutput<typeof Reported>,
  service: Service,
): Promise<Restoration> {
  const { services, clock } = world;
  const { names, target } = admission;
  const nothing = (why: string): Restoration => ({
    restored: { members: {}, kept: [] },
    notes: [`${why}: network, balancer, capacity and volumes stay as they are.`],
  });
  if (reported.serviceDeployment === null) return nothing(`${id} found its version running already`);
  const since = listableSince(Date.parse(reported.startedAt) - LIST_MARGIN, clock.now());
  const listed = await services.deployments(names.cluster, target.service, since);
  const then = listed.find(({ arn }) => arn === reported.serviceDeployment);
  if (!then) return nothing(`ECS no longer tells of the service deployment of ${id}`);
  if (then.status !== 'SUCCESSFUL')
    throw delivery.rollbackTargetDisputed(id, `calls its deployment ${then.status}`);
  const revision = await services.revision(then.targetRevision);
  if (revision.taskDefinition !== reported.taskDefinition)
    throw delivery.rollbackTargetDisputed(id, `says that it deployed ${revision.taskDefinition}`);
  const unseen = await assertImages(world, admission, revision);
  const now = nowOf(service, listed);
  if (!now) {
    const { restored, notes } = nothing('ECS does not tell which service revision runs now');
    return { restored, notes: [...notes, ...unseen] };
  }
  const restored = restoredMembers(await services.revision(now.targetRevision), revision);
  const { members, notes } = insideContract(admission, restored.members);
  return { restored: { ...restored, members }, notes: [...notes, ...unseen] };
}

/** The service deployment that made what runs now: by number, or else the newest that succeeded. */
function nowOf(
  { deployments }: Service,
  listed: readonly ServiceDeploymentBrief[],
): ServiceDeploymentBrief | undefined {
  const primary = deployments.find((each) => each.primary);
  return (
    (primary && deploymentByNumber(primary.id, listed)) ??
    listed.find(({ status }) => status === 'SUCCESSFUL')
  );
}

/**
 * Every image that the revision ran with and that the agreed repository holds must still be there: a task of a revision
 * whose digest is gone cannot start. Answers a note on each that lies elsewhere, which this role cannot look for.
 */
async function assertImages(
  { images }: Pick<PlanWorld, 'images'>,
  { names }: Admission,
  revision: ServiceRevision,
): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const { container, image, digest } of revision.images) {
    const found = digest ?? parseImage(image)?.digest;
    const [repository = ''] = image.split('@');
    if (found === undefined || !isDigest(found) || !repository.endsWith(`/${names.repository}`)) {
      notes.push(`Whether the image of the container ${container} still exists was not looked at: ${image}.`);
    } else if ((await images.image(names.repository, found)) === 'absent') {
      throw failures.imageAbsent(names.repository, found);
    }
  }
  return notes;
}

type Members = { readonly [member: string]: Json };

/** A network that the contract no longer names is not restored, whatever ran in it. */
function insideContract(
  { environment }: Pick<Admission, 'environment'>,
  members: Members,
): { readonly members: Members; readonly notes: readonly string[] } {
  const layers = Object.values(environment.layers);
  const agreed = new Set(layers.flatMap(({ subnets, securityGroups }) => [...subnets, ...securityGroups]));
  const { networkConfiguration, ...others } = members;
  const vpc = isObject(networkConfiguration) ? networkConfiguration['awsvpcConfiguration'] : undefined;
  if (!isObject(vpc)) return { members, notes: [] };
  const used = [vpc['subnets'], vpc['securityGroups']].flatMap((list) => (Array.isArray(list) ? list : []));
  const foreign = used.filter((id) => typeof id !== 'string' || !agreed.has(id)).map(String);
  const outside = vpc['assignPublicIp'] === 'ENABLED' ? [...foreign, 'a public address'] : foreign;
  if (outside.length === 0) return { members, notes: [] };
  const note = `Its network is not restored: the contract does not name ${outside.join(', ')}.`;
  return { members: others, notes: [note] };
}
