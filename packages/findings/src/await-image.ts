import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Digest } from '@tenant-delivery/domain';
import type { ImageChild } from './finding.ts';
import type { Inspections, StoredImage } from './ports.ts';

const WAITS = [3_000, 6_000, 12_000, 20_000]; // milliseconds between looks

interface AwaitImageOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Of the image, where they are known. */
  readonly children?: readonly ImageChild[];
}

/** An image as its registry holds it; `absent` only when it did not appear while a push or a replication may still arrive. */
export async function awaitImage(
  inspections: Pick<Inspections, 'image'>,
  repositoryName: string,
  digest: Digest,
  { clock, signal, children }: AwaitImageOptions,
): Promise<StoredImage | 'absent'> {
  for (const wait of WAITS) {
    const found = await inspections.image(repositoryName, digest, children);
    if (found !== 'absent' || signal?.aborted) return found;
    await clock.sleep(wait, signal);
  }
  return inspections.image(repositoryName, digest, children);
}
