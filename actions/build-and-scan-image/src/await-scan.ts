import { formatImage, MINUTE } from '@tenant-delivery/domain';
import { awaitImage } from '@tenant-delivery/findings/await-image';
import { awaitInspections } from '@tenant-delivery/findings/await-inspections';
import type { InspectedChild } from '@tenant-delivery/findings/inspected-child';
import type { ScanMode } from '@tenant-delivery/findings/ports';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import { failures } from './failures.ts';
import type { World } from './ports.ts';

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

interface Awaiting {
  readonly repository: string;
  readonly mode: ScanMode;
  readonly minutes: number;
  readonly signal: AbortSignal;
}

/** Waits for an end of every platform's inspection; whether that end is good enough is the gate's business. */
export async function awaitScan(
  { inspections, clock, runner }: Pick<World, 'inspections' | 'clock' | 'runner'>,
  { image, platforms }: Pick<ImageRecord, 'image' | 'platforms'>,
  { repository, mode, minutes, signal }: Awaiting,
): Promise<readonly InspectedChild[]> {
  const stored = await awaitImage(inspections, repository, image.digest, {
    clock,
    signal,
    children: platforms,
  });
  if (stored === 'absent')
    throw failures.scanUnfinished(formatImage(image), 'it does not know the image yet');
  const deadline = clock.now() + minutes * MINUTE;
  const inspected = await awaitInspections(inspections, repository, stored, {
    clock,
    deadline,
    signal,
    mode,
    log: runner.info,
  });
  const open = inspected.find((child) => child.unproven !== undefined && UNFINISHED.includes(child.scan));
  if (open) throw failures.scanUnfinished(formatImage(image), open.unproven ?? '');
  for (const child of inspected) {
    runner.info(`${child.platform}: ${child.unproven ?? `${child.scan}, ${child.findings.length} findings`}`);
  }
  return inspected;
}
