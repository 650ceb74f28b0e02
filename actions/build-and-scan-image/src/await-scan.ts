import { formatImage, MINUTE } from '@tenant-delivery/domain';
import { awaitImage } from '@tenant-delivery/findings/await-image';
import { awaitInspections } from '@tenant-delivery/findings/await-inspections';
import type { InspectedChild } from '@tenant-delivery/findings/inspected-child';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import { failures } from './failures.ts';
import type { Job } from './job.ts';

/** States that an inspection leaves again; COMPLETE and ACTIVE too, while they do not prove anything. */
const UNFINISHED = [
  'PENDING',
  'IN_PROGRESS',
  'SCAN_NOT_FOUND',
  'IMAGE_NOT_FOUND',
  'FINDINGS_UNAVAILABLE',
  'COMPLETE',
  'ACTIVE',
];

/** Waits for an end of every platform's inspection; whether that end is good enough is the gate's business. */
export async function awaitScan(
  { given, world, admission, repository }: Job,
  { image, platforms }: ImageRecord,
  signal: AbortSignal,
): Promise<readonly InspectedChild[]> {
  const { inspections, clock, runner } = world;
  const { names } = admission;
  const stored = await awaitImage(inspections, names.repository, image.digest, {
    clock,
    signal,
    children: platforms,
  });
  if (stored === 'absent')
    throw failures.scanUnfinished(formatImage(image), 'it does not know the image yet');
  const deadline = clock.now() + given['scan-minutes'] * MINUTE;
  const inspected = await awaitInspections(inspections, names.repository, stored, {
    clock,
    deadline,
    signal,
    mode: repository.mode,
    log: runner.info,
  });
  const open = inspected.find((child) => child.unproven !== undefined && UNFINISHED.includes(child.scan));
  if (open) throw failures.scanUnfinished(formatImage(image), open.unproven ?? '');
  for (const child of inspected) {
    runner.info(`${child.platform}: ${child.unproven ?? `${child.scan}, ${child.findings.length} findings`}`);
  }
  return inspected;
}
