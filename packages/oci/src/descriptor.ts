import type { Digest } from '@tenant-delivery/domain';
import { isDigest } from '@tenant-delivery/domain';
import * as v from 'valibot';

/** Others write it, so unknown members pass. What we rely on is checked. */
export const platformSchema = v.looseObject({
  os: v.string(),
  architecture: v.string(),
  variant: v.optional(v.string()),
});

export const descriptorSchema = v.looseObject({
  mediaType: v.string(),
  digest: v.custom<Digest>((value) => typeof value === 'string' && isDigest(value), 'is not a sha256 digest'),
  size: v.pipe(v.number(), v.integer(), v.minValue(0)),
  platform: v.optional(platformSchema),
  annotations: v.optional(v.record(v.string(), v.string())),
  artifactType: v.optional(v.string()),
});

export type Descriptor = v.InferOutput<typeof descriptorSchema>;

export type Platform = v.InferOutput<typeof platformSchema>;

/** `linux/amd64`, `linux/arm/v7`; `arm64/v8` is plain `arm64`, as containerd normalises it. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  const plain = architecture === 'arm64' && variant === 'v8';
  return [os, architecture, plain ? undefined : variant].filter(Boolean).join('/');
}

/**
 * Whether an entry of an index names no platform. Builders write attestations this way. But only the entry's own manifest
 * proves that it is one (`holdsStatements`); neither the platform nor an annotation does.
 */
export function namesNoPlatform({ platform }: Descriptor): boolean {
  return platform?.os === 'unknown' && platform.architecture === 'unknown';
}
