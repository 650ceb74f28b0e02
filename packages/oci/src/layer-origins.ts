import type { Digest } from '@tenant-delivery/domain';
import type { ImageRecord } from './image-record.ts';
import type { Base } from './inputs-digest.ts';
import type { PlatformImage } from './platforms.ts';

/**
 * Which layers of an image come from its bases, and which the build made. `undefined` if a base image could not be read, or
 * if none of its layers is in the image because a builder rewrote them: then any layer may be the base's.
 */
export function layerOrigins(
  bases: readonly Base[],
  platforms: readonly PlatformImage[],
): NonNullable<ImageRecord['layers']> | undefined {
  const image = new Set(platforms.flatMap(({ layers }) => layers));
  const known = bases.map(({ layers }) => layers);
  if (known.some((layers) => layers === undefined)) return undefined;
  const brought = new Set<Digest>(known.flatMap((layers) => layers ?? []));
  const base = [...image].filter((layer) => brought.has(layer));
  if (brought.size > 0 && base.length === 0) return undefined;
  return { base, own: [...image].filter((layer) => !brought.has(layer)) };
}
