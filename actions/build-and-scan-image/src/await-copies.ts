import { type Digest, formatImage, MINUTE } from '@tenant-delivery/domain';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import { failures } from './failures.ts';
import type { Job } from './job.ts';
import { judgeProgress } from './judge-progress.ts';
import { untilSettled } from './until-settled.ts';

/** Waits until the image, and with an index each of its children, is in every region that the contract names. */
export async function awaitCopies(
  { given, world, admission }: Job,
  { image, platforms }: ImageRecord,
  regions: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  if (regions.length === 0) return;
  const { registry, clock, runner } = world;
  const open = new Set<Digest>([image.digest, ...platforms.map(({ digest }) => digest)]);
  const look = async () => {
    const looked = await Promise.all(
      [...open].map(async (digest) => {
        const rows = await registry.copies(admission.names.repository, digest);
        const steps = judgeProgress(`copy of ${digest} in`, regions, rows);
        if (steps.every(({ state }) => state === 'complete')) open.delete(digest);
        return steps;
      }),
    );
    return looked.flat();
  };
  const problems = await untilSettled(look, {
    clock,
    deadline: clock.now() + given['replication-minutes'] * MINUTE,
    signal,
    log: runner.info,
  });
  if (problems.length > 0) throw failures.replicationUnfinished(formatImage(image), problems);
  runner.info(`It is in ${regions.join(', ')} too`);
}
