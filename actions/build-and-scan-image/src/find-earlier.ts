import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import { findRecord } from './image-records.ts';
import type { Job } from './job.ts';
import { whyNotReused } from './judge-reuse.ts';
import type { Prepared } from './prepare.ts';

/** The signed record of the same revision, inputs and ref, if the registry still holds its image. */
export async function findEarlier(
  { world, admission, purpose, repository }: Job,
  { inputs }: Prepared,
): Promise<ImageRecord | undefined> {
  const found = await findRecord(world, admission.target, { ...purpose, inputs });
  const why = 'none' in found ? found.none : whyNotReused(found.record, { ...purpose, inputs });
  if ('none' in found || why !== undefined) {
    world.runner.info(`A new image is built: ${why}`);
    return undefined;
  }
  const { writer } = repository.connection;
  const held = await writer.readManifest(purpose.repository, found.record.image.digest);
  if (held === 'absent') {
    world.runner.info('A new image is built: the registry no longer holds the one that was');
    return undefined;
  }
  world.runner.info(`The same revision and inputs were built before, at ${found.record.pushedAt}`);
  return { ...found.record, reused: true };
}
