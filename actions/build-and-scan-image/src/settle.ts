import type { InspectedChild } from '@tenant-delivery/findings/inspected-child';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import { awaitCopies } from './await-copies.ts';
import { awaitScan } from './await-scan.ts';
import { awaitSignatures } from './await-signatures.ts';
import type { Job } from './job.ts';
import { tagVersion } from './tags.ts';

/** An image with which the registry has done all that it does by itself. */
export interface Settled {
  readonly record: ImageRecord;
  readonly inspected: readonly InspectedChild[];
}

/**
 * Keeps what the image is made of, and waits for what the registry does with it meanwhile. The registry is first asked
 * once all is kept: right after a push it has nothing to say. The record is kept although the registry may fail, so that
 * the next run uses the image again.
 */
export async function settle(
  job: Job,
  image: ImageRecord,
  keep: () => Promise<ImageRecord>,
): Promise<Settled> {
  const failed = new AbortController();
  const signal = AbortSignal.any([job.world.runner.cancelled, failed.signal]);
  const keeping = keep();
  try {
    const [kept, waited] = await Promise.all([
      keeping,
      keeping.then(() => awaitRegistry(job, image, signal)),
      nameVersion(job, image),
    ]);
    const { signedWith, replicatedTo, inspected } = waited;
    const record = {
      ...kept,
      ...(signedWith.length > 0 && { signedWith: [...signedWith] }),
      ...(replicatedTo.length > 0 && { replicatedTo: [...replicatedTo] }),
    };
    return { record, inspected };
  } catch (thrown) {
    failed.abort();
    await keeping;
    throw thrown;
  }
}

async function nameVersion(job: Job, { image }: ImageRecord): Promise<void> {
  const { version } = job.given;
  if (version === undefined) return;
  await tagVersion(job, version, image.digest);
  job.world.runner.info(`Its version is ${version}`);
}

async function awaitRegistry(job: Job, image: ImageRecord, signal: AbortSignal) {
  const signedWith = await awaitSignatures(job, image, signal);
  const { given, world, admission, repository } = job;
  const inspected = await awaitScan(world, image, {
    repository: admission.names.repository,
    mode: repository.mode,
    minutes: given['scan-minutes'],
    signal,
  });
  const { replicatedTo = [] } = job.admission.environment.registry ?? {};
  await awaitCopies(job, image, replicatedTo, signal);
  return { signedWith, inspected, replicatedTo };
}
