import type { Digest } from '@tenant-delivery/domain';
import { type Descriptor, formatPlatform, namesNoPlatform } from './descriptor.ts';
import { parseImageConfig } from './image-config.ts';
import { holdsStatements, type ImageManifest, parseManifest } from './manifest.ts';

/** What one platform of an image is. */
export interface PlatformImage {
  /** `linux/amd64`. */
  readonly platform: string;
  /** Of the platform's own manifest. Without an index it is the image's digest. */
  readonly digest: Digest;
  readonly layers: readonly Digest[];
}

/**
 * The platforms that an image really has. They are read from the configurations, because an index may claim anything.
 * Attestations are left out, and an index inside an index is refused.
 */
export function platformsOf(
  root: Descriptor,
  readBlob: (digest: Digest) => Buffer,
): readonly PlatformImage[] {
  const parsed = parseManifest(root.mediaType, readBlob(root.digest));
  if (parsed.kind === 'image') {
    const config = parseImageConfig(readBlob(parsed.manifest.config.digest));
    return [{ platform: formatPlatform(config), digest: root.digest, layers: layersIn(parsed.manifest) }];
  }
  return parsed.index.manifests.flatMap((child) => {
    const inner = parseManifest(child.mediaType, readBlob(child.digest));
    if (inner.kind === 'index') throw new Error(`${root.digest} holds an index inside an index`);
    if (namesNoPlatform(child) && holdsStatements(inner.manifest)) return [];
    const config = parseImageConfig(readBlob(inner.manifest.config.digest));
    return [{ platform: formatPlatform(config), digest: child.digest, layers: layersIn(inner.manifest) }];
  });
}

function layersIn({ layers }: ImageManifest): readonly Digest[] {
  return layers.map(({ digest }) => digest);
}
