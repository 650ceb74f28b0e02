import { inOrder } from '@tenant-delivery/action-kit/in-order';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import { resolvedOf } from '@tenant-delivery/delivery/resolved';
import { type DeliveryKind, type Image, imageEntersAt, isProvisioning } from '@tenant-delivery/domain';
import { failures as evidenceFailures } from '@tenant-delivery/evidence/failures';
import type { StoredImage } from '@tenant-delivery/findings/ports';
import { type Verdict, verdictSchema } from '@tenant-delivery/findings/verdict';
import { type ImageRecord, imageRecordSchema } from '@tenant-delivery/oci/image-record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import type { ResolvedService } from '@tenant-delivery/tenancy/resolve';
import type { PlanWorld } from '../deploy-world.ts';
import { type ObservedService, observeService } from './observe-service.ts';

/** What the record of a change and its account say, before anything is judged. */
export interface ObservedChange extends ObservedService {
  readonly kind: DeliveryKind;
  readonly resolved: ResolvedService;
  readonly record: ImageRecord;
  readonly verdict: Verdict;
  readonly stored: StoredImage | 'absent';
  readonly image: Image;
  readonly container: string;
  readonly port: number;
  /** Digests under which a running task may report the image: the index, and its children. */
  readonly digests: ReadonlySet<Image['digest']>;
}

/** Reads the change's documents, the image and the service, unless it is asked for already. Sends nothing that changes. */
export async function observeChange(
  world: PlanWorld,
  admission: Admission,
  change: ChangeHandle,
  service: Promise<ObservedService> = observeService(world.services, admission),
): Promise<ObservedChange> {
  const { id, kind, state } = change;
  if (isProvisioning(kind))
    throw evidenceFailures.transitionNotAllowed(id, state, 'planned', `a ${kind} brings no image`);
  const recorded = change.document('image-record', imageRecordSchema);
  const [resolved, record, verdict, { image, stored }, seen] = await inOrder([
    resolvedOf(admission, change),
    recorded,
    change.document('verdict', verdictSchema),
    storedImage(world, admission, change, recorded),
    service,
  ]);
  return {
    ...seen,
    kind,
    ...{ resolved, record, verdict, stored, image },
    container: resolved.container.name.value,
    port: resolved.container.port.value,
    digests: new Set([image.digest, ...record.platforms.map(({ digest }) => digest)]),
  };
}

/** The registry says whether the image is there. Which children a digest has can't change, and the record names them. */
async function storedImage(
  { images }: PlanWorld,
  { names }: Admission,
  change: ChangeHandle,
  recorded: Promise<ImageRecord>,
) {
  const image = imageOf(change);
  const record = await recorded;
  const children = record.image.digest === image.digest ? record.platforms : undefined;
  return { image, stored: await images.image(names.repository, image.digest, children) };
}

/** What the change is about, by the signed word of the step that brought the image in. */
function imageOf(change: ChangeHandle): Image {
  const brought = imageEntersAt(change.kind);
  const subject = change.events.findLast(({ transition }) => transition.to === brought)?.subject;
  if (!subject) {
    throw evidenceFailures.transitionNotAllowed(change.id, change.state, 'planned', 'it names no image yet');
  }
  return { repositoryUri: subject.name, digest: `sha256:${subject.digest.sha256}` };
}
