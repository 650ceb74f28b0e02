import type { Digest } from '@tenant-delivery/domain';
import { formatPlatform } from '../descriptor.ts';
import { failures } from '../failures.ts';
import { type ImageConfig, parseImageConfig } from '../image-config.ts';
import { type ImageManifest, parseManifest } from '../manifest.ts';
import type { RegistryReader } from './port.ts';
import { readBase } from './read-base.ts';

/** A base image of one platform, its layers not yet read. */
export interface BaseImage {
  readonly repository: string;
  /** What the reference points to: the index's digest if it is an index. */
  readonly digest: Digest;
  readonly manifest: ImageManifest;
  readonly config: ImageConfig;
}

/** Finds what a base image's reference points to now, and its image for `platform` (`linux/amd64`). */
export async function findBase(
  registry: RegistryReader,
  repository: string,
  reference: string,
  platform: string,
): Promise<BaseImage> {
  const named = `${registry.host}/${repository}${reference.includes(':') ? '@' : ':'}${reference}`;
  const found = await readBase(registry, repository, reference);
  const parsed = parseManifest(found.mediaType, found.bytes);
  const manifest =
    parsed.kind === 'image'
      ? parsed.manifest
      : await childFor(registry, repository, parsed.index.manifests, platform, named);
  const config = parseImageConfig(await registry.readBlob(repository, manifest.config));
  if (formatPlatform(config) !== platform) {
    throw failures.baseImageUnavailable(named, `it is made for ${formatPlatform(config)}, not ${platform}`);
  }
  return { repository, digest: found.digest, manifest, config };
}

async function childFor(
  registry: RegistryReader,
  repository: string,
  children: readonly {
    digest: Digest;
    mediaType: string;
    platform?: { os: string; architecture: string; variant?: string | undefined } | undefined;
  }[],
  platform: string,
  named: string,
): Promise<ImageManifest> {
  const child = children.find((one) => one.platform && formatPlatform(one.platform) === platform);
  if (child === undefined) {
    const known = children.flatMap((one) => (one.platform ? [formatPlatform(one.platform)] : []));
    throw failures.baseImageUnavailable(
      named,
      `it has ${known.join(', ') || 'no platform'}, not ${platform}`,
    );
  }
  const bytes = await registry.readManifest(repository, child.digest);
  if (bytes === 'absent') throw failures.baseImageUnavailable(named, `its part for ${platform} is missing`);
  const parsed = parseManifest(bytes.mediaType, bytes.bytes);
  if (parsed.kind === 'index') throw failures.baseImageUnavailable(named, 'it is an index inside an index');
  return parsed.manifest;
}
