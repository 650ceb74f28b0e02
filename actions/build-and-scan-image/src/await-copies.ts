import { type Digest, formatImage, MINUTE } from '@tenant-delivery/domain';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { failures } from './failures.ts';
import type { BuildInputs } from './inputs.ts';
import { judgeProgress } from './judge-progress.ts';
import type { World } from './ports.ts';
import { untilSettled } from './until-settled.ts';

/** Waits until the image, and with an index each of its children, is in every region that the contract names. */
export async function awaitCopies(
  given: BuildInputs,
  { registry, clock, runner }: World,
  { names }: Admission,
  { image, platforms }: ImageRecord,
  regions: readonly string[],
): Promise<void> {
  const open = new Set<Digest>([image.digest, ...platforms.map(({ digest }) => digest)]);
  const look = async () => {
    const looked = await Promise.all(
      [...open].map(async (digest) => {
        const rows = await registry.copies(names.repository, digest);
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
    signal: runner.cancelled,
    log: runner.info,
  });
  if (problems.length > 0) throw failures.replicationUnfinished(formatImage(image), problems);
  runner.info(`It is in ${regions.join(', ')} too`);
}
