import { Failure } from '@tenant-delivery/action-kit/failure';
import { type Admission, type ChangeHandle, resolvedOf } from '@tenant-delivery/delivery';
import { makePlan, type Plan } from '@tenant-delivery/deployment';
import { formatImage, type Image } from '@tenant-delivery/domain';
import { failures as evidenceFailures } from '@tenant-delivery/evidence';
import { verdictSchema } from '@tenant-delivery/findings';
import { imageRecordSchema } from '@tenant-delivery/oci/image-record';
import type { DeployWorld } from './deploy-world.ts';
import { judgeImage } from './judge-image.ts';
import { notesOf } from './notes.ts';
import { type Observed, observe } from './observe.ts';

/** A plan from what is there now, with what it was made from. */
export interface Prepared extends Observed {
  readonly plan: Plan;
  readonly image: Image;
  readonly container: string;
  readonly port: number;
  /** Until when the verdict lets the image be deployed; `undefined` for a rollback, which takes a verdict over. */
  readonly verdictUntil: number | undefined;
  /** Digests under which a running task may report the image: the index, and its children. */
  readonly digests: ReadonlySet<Image['digest']>;
}

/** Reads the change's documents and the service, judges the image for it, and plans. Sends nothing that changes. */
export async function prepare(
  world: DeployWorld,
  admission: Admission,
  change: ChangeHandle,
): Promise<Prepared> {
  const [resolved, record, verdict] = await Promise.all([
    resolvedOf(admission, change),
    change.document('image-record', imageRecordSchema),
    change.document('verdict', verdictSchema),
  ]);
  const image = imageOf(change);
  const [seen, stored] = await Promise.all([
    observe(world, admission, resolved),
    world.images.image(admission.names.repository, image.digest),
  ]);
  const verdictUntil = change.kind === 'rollback' ? undefined : Date.parse(verdict.validUntil);
  const breaches = judgeImage(admission, {
    image,
    record,
    verdict,
    stored,
    current: seen.current,
    now: world.clock.now(),
    verdictUntil: change.state === 'deploying' ? undefined : verdictUntil, // what was begun may always be followed
  });
  if (breaches.length > 0) throw joined(breaches);
  const plan = makePlan({
    kind: change.kind,
    target: admission.target,
    cluster: admission.names.cluster,
    container: resolved.container.name.value,
    image,
    current: seen.current,
    notes: notesOf(seen.current, resolved),
  });
  world.runner.info(`The service runs ${seen.current.arn}; the image to run is ${formatImage(image)}`);
  return {
    ...seen,
    plan,
    image,
    container: resolved.container.name.value,
    port: resolved.container.port.value,
    verdictUntil,
    digests: new Set([image.digest, ...record.platforms.map(({ digest }) => digest)]),
  };
}

/** What the change is about, by the signed word of the step that brought the image in. */
function imageOf(change: ChangeHandle): Image {
  const brought = change.kind === 'rollback' ? 'gated' : 'built';
  const subject = change.events.findLast(({ transition }) => transition.to === brought)?.subject;
  if (!subject) {
    throw evidenceFailures.transitionNotAllowed(change.id, change.state, 'planned', 'it names no image yet');
  }
  return { repositoryUri: subject.name, digest: `sha256:${subject.digest.sha256}` };
}

/** The first failure, with a line for each further one. */
function joined(breaches: readonly Failure[]): Failure {
  const [first, ...others] = breaches;
  if (!first) throw new TypeError('no breach to report');
  const details = [...first.details, ...others.map(({ code, message }) => `${code}: ${message}`)];
  return new Failure(first.code, first.message, first.remedy, { details, cause: others[0] });
}
