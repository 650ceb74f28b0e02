import { inOrder } from '@tenant-delivery/action-kit/in-order';
import { admitChange } from '@tenant-delivery/delivery/admit-change';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import { verifyPromotion } from '@tenant-delivery/delivery/promotion-source';
import { resolvedOf } from '@tenant-delivery/delivery/resolved';
import { comesFromElsewhere, formatImage, type Image } from '@tenant-delivery/domain';
import { type ImageRecord, imageRecordSchema } from '@tenant-delivery/oci/image-record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import type { ResolvedService } from '@tenant-delivery/tenancy/resolve';
import { checkImage, checkProposal } from './check-proposal.ts';
import { failures } from './failures.ts';
import type { World } from './gate-world.ts';
import type { AgreedInputs } from './inputs.ts';

/** What is judged, and by what was agreed. Each part was verified. */
export interface Found {
  readonly admission: Admission;
  readonly change: ChangeHandle;
  readonly image: Image;
  /** What the build said of the image. */
  readonly record: ImageRecord;
  readonly resolved: ResolvedService;
}

/**
 * The change of a built image, as its record has it and as this job sees it itself. What comes from another environment is
 * proven verified there first.
 */
export async function findChange(given: AgreedInputs, world: World): Promise<Found> {
  const { admission, change } = await admitChange(world, given, given.change);
  if (change.evidence('image-record') === undefined) throw failures.notBuilt(change.id, change.state);
  const reading = change.document('image-record', imageRecordSchema);
  const [, record, image, resolved] = await inOrder([
    checkProposal(world, change, given.manifest),
    reading,
    reading.then((record) => imageOf(world, admission, change, record)),
    resolvedOf(admission, change),
  ]);
  world.runner.info(`${change.id} is ${change.state}; its image is ${formatImage(image)}`);
  return { admission, change, image, record, resolved };
}

/** What was built; of another environment's version, the same digest in the registry of this one. */
async function imageOf(
  world: World,
  admission: Admission,
  change: ChangeHandle,
  record: ImageRecord,
): Promise<Image> {
  if (!comesFromElsewhere(change.kind)) {
    await checkImage(world, admission, change, record.image);
    return record.image;
  }
  const image = await verifyPromotion(world, admission, change);
  world.runner.info(`The record of ${image.digest} in the environment that it comes from verifies`);
  return image;
}
