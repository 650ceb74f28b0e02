import type { Failure } from '@tenant-delivery/action-kit/failure';
import { inOrder } from '@tenant-delivery/action-kit/in-order';
import { saw } from '@tenant-delivery/action-kit/saw';
import { comesFromElsewhere, type Digest, formatImage, MINUTE } from '@tenant-delivery/domain';
import { awaitImage } from '@tenant-delivery/findings/await-image';
import { awaitInspections } from '@tenant-delivery/findings/await-inspections';
import type { InspectedChild } from '@tenant-delivery/findings/inspected-child';
import type { StoredImage } from '@tenant-delivery/findings/ports';
import { uncovered } from '@tenant-delivery/findings/scan-state';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import { toldByBuild } from './build-word.ts';
import { failures } from './failures.ts';
import type { Found } from './find-change.ts';
import type { GateWorld } from './gate-world.ts';

/** An image, and how long to wait for its inspection. */
export interface Inspection {
  readonly repository: string;
  readonly digest: Digest;
  readonly minutes: number;
}

/** The image of a change: its platforms are those that the build recorded, and what the build knows of them is added. */
export async function inspectChange(
  world: GateWorld,
  { admission, change, image, record }: Found,
  minutes: number,
): Promise<readonly InspectedChild[]> {
  const { repository } = admission.names;
  const { digest } = image;
  const absent = () =>
    comesFromElsewhere(change.kind)
      ? failures.imageNotReplicated(formatImage(image))
      : failures.imageAbsent(repository, digest);
  const inspected = await inspectImage(world, { repository, digest, minutes }, absent, (stored) =>
    known(record, stored),
  );
  return toldByBuild(inspected, record);
}

/** Waits for the registry's inspection of every child of an image. Throws where nothing will ever inspect it. */
export async function inspectImage(
  { inspections, runner, clock }: GateWorld,
  { repository, digest, minutes }: Inspection,
  /** What it is when the registry does not hold the image. */
  absent: () => Failure,
  /** What else must hold of what the registry lists under it. */
  known: (stored: StoredImage) => StoredImage = (stored) => stored,
): Promise<readonly InspectedChild[]> {
  const [mode, found] = await inOrder([
    inspections.mode(repository),
    awaitImage(inspections, repository, digest, { clock, signal: runner.cancelled }),
  ]);
  if (uncovered(mode) !== undefined) throw failures.repositoryNotScanned(repository, mode.frequency);
  if (found === 'absent') throw absent();
  const stored = known(found);
  if (mode.type === 'basic' && (await inspections.scanner?.()) === 'CLAIR')
    runner.info('The registry inspects with CLAIR, which knows less than AWS_NATIVE and is going away');
  const deadline = clock.now() + minutes * MINUTE;
  const options = { clock, deadline, mode, signal: runner.cancelled, log: runner.info };
  const inspected = await awaitInspections(inspections, repository, stored, options);
  for (const child of inspected)
    runner.info(`${child.platform}: ${child.scan}, ${child.findings.length} findings`);
  const findings = inspected.flatMap((child) => child.findings);
  const suppressed = findings.filter((finding) => finding.suppressed).length;
  const facts = { image: digest, scanning: mode.type, findings: findings.length, suppressed };
  saw(runner, 'findings-settle-in-ten-seconds', facts);
  saw(runner, 'ecr-lists-suppressed-rows', facts);
  return inspected;
}

/** The registry's children under the platforms that the build recorded. A recorded one that is gone was not inspected. */
function known(record: ImageRecord, stored: StoredImage): StoredImage {
  const gone = record.platforms.find(
    ({ digest }) => !stored.children.some((child) => child.digest === digest),
  );
  if (gone) throw failures.platformGone(gone.platform, gone.digest, record.image.digest);
  const platformOf = (digest: string) => record.platforms.find((one) => one.digest === digest)?.platform;
  return {
    ...stored,
    children: stored.children.map((child) => ({
      ...child,
      platform: platformOf(child.digest) ?? child.platform,
    })),
  };
}
