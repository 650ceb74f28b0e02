import type { Digest } from '@tenant-delivery/domain';
import type { ImageRecord } from './image-record.ts';
import type { Base } from './inputs-digest.ts';
import type { PlatformImage } from './platforms.ts';

/**
 * An image's layers by who brought them. Nothing where a base image could not be looked into, or where a builder wrote its
 * layers anew, so that none of them is in the image: then any layer may be the base's.
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
