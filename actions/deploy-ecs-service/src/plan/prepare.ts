import type { Mistake } from '@tenant-delivery/action-kit/document';
import { Failure } from '@tenant-delivery/action-kit/failure';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import { lastOf } from '@tenant-delivery/deployment/plain-names';
import { contractBreaches } from '@tenant-delivery/deployment/plan/contract-bounds';
import type { DeployRequest } from '@tenant-delivery/deployment/plan/deploy-request';
import { makePlan, type Plan } from '@tenant-delivery/deployment/plan/plan';
import { updateOutsideContract } from '@tenant-delivery/deployment/plan/update-mistakes';
import type { WantedTaskDefinition } from '@tenant-delivery/deployment/plan/wanted-task-definition';
import { imageOf as imageIn } from '@tenant-delivery/deployment/task-definition/task-definition';
import { canonicalJson, formatImage, type Image, isPreApproved } from '@tenant-delivery/domain';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { PlanWorld } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import { deliveryRequest } from '../request/delivery-request.ts';
import { type Deployment, deploymentFor, said } from './deployment.ts';
import { judgeImage } from './judge-image.ts';
import { notesOf } from './notes.ts';
import type { ObservedChange } from './observe-change.ts';
import { judgeContainer, judgePort } from './observe-service.ts';

/** What people plan, and what a deploy reads again from the record. */
export interface Intent {
  readonly request: DeployRequest;
  readonly migration: Plan['migration'];
}

/** A plan from what is there now, with what it was made from. */
export interface Prepared extends ObservedChange, Deployment {
  readonly plan: Plan;
  /** The customer's request, which the plan names by its digest. */
  readonly request: DeployRequest;
  /** Until when the verdict lets the image be deployed; `undefined` for a kind that takes a verdict over. */
  readonly verdictUntil: number | undefined;
}

/** Judges the image for the service, applies the request to what runs, and plans. Sends nothing that changes. */
export async function prepare(
  world: PlanWorld,
  admission: Admission,
  change: ChangeHandle,
  observed: ObservedChange,
  { request, migration }: Intent,
): Promise<Prepared> {
  const { resolved, image, container, port, current, verdict } = observed;
  const disagreement = judgeContainer(admission, container, current, request);
  if (disagreement) throw disagreement;
  const deployment = await deploymentFor(
    world,
    admission,
    observed,
    deliveryRequest(request, resolved, image, current),
  );
  if (change.kind !== 'rollback')
    assertInsideContract(admission, observed, { request, migration }, deployment.wanted);
  const { document } = deployment.wanted;
  const verdictUntil = isPreApproved(change.kind) ? undefined : Date.parse(verdict.validUntil);
  const unmapped = judgePort(container, port, document);
  const breaches = [
    ...(unmapped ? [unmapped] : []),
    ...judgeImage(admission, { ...observed, document, now: world.clock.now(), verdictUntil }),
    ...judgeRevision(deployment, container, image),
  ];
  if (breaches.length > 0) throw joined(breaches);
  const plan = makePlan({
    kind: observed.kind,
    target: admission.target,
    cluster: admission.names.cluster,
    container,
    image,
    current,
    wanted: deployment.wanted,
    service: deployment.update.changes,
    migration,
    request: digestOf(canonicalJson(request)),
    notes: [...deployment.wanted.notes, ...notesOf(resolved)],
  });
  world.runner.info(`The service runs ${lastOf(current.arn)}; the image to run is ${formatImage(image)}`);
  return { ...observed, ...deployment, plan, request, verdictUntil };
}

/** What a contract leaves to its customers. What a rollback restores was agreed before. */
function assertInsideContract(
  { target }: Admission,
  { container, image, current }: ObservedChange,
  { request, migration }: Intent,
  wanted: WantedTaskDefinition,
): void {
  const facts = { container, image: formatImage(image), account: target.account };
  const mistakes = [
    ...(request.images[container] === undefined
      ? []
      : [{ path: `images.${container}`, problem: 'is the image that the change brings; leave it out' }]),
    ...updateOutsideContract(request.update).map(({ path, problem }) => ({
      path: `update.${path}`,
      problem,
    })),
    ...contractBreaches(current, wanted, facts),
    ...migrationOutsideContract(migration, container),
  ];
  if (mistakes.length > 0) throw failures.requestOutsideContract(said(mistakes));
}

/** A command runs with the secrets of its container, and those of a container beside the service are not the customer's. */
function migrationOutsideContract(migration: Intent['migration'], container: string): readonly Mistake[] {
  return migration === null || migration.container === container
    ? []
    : [
        {
          path: 'migration.container',
          problem: `is ${migration.container}; a request runs a command in ${container}, and in nothing beside it`,
        },
      ];
}

/** A revision that is deployed as it is has the image that was gated, or it is another version. */
function judgeRevision({ asked, wanted }: Deployment, container: string, image: Image): readonly Failure[] {
  if (asked.source.kind !== 'revision') return [];
  const has = imageIn(wanted.document, container) ?? 'no image';
  return has === formatImage(image)
    ? []
    : [
        failures.imageForeign(
          formatImage(image),
          `is not in ${asked.source.arn}, whose ${container} has ${has}`,
        ),
      ];
}

/** The first failure, with a line for each further one. */
function joined(breaches: readonly Failure[]): Failure {
  const [first, ...others] = breaches;
  if (!first) throw new TypeError('no breach to report');
  const details = [...first.details, ...others.map(({ code, message }) => `${code}: ${message}`)];
  return new Failure(first.code, first.message, first.remedy, { details, cause: others[0] });
}
