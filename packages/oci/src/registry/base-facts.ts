import { type Digest, isDigest } from '@tenant-delivery/domain';
import { namesNoPlatform } from '../descriptor.ts';
import type { Base } from '../inputs-digest.ts';
import { holdsStatements, parseManifest } from '../manifest.ts';
import { splitReference } from '../reference.ts';
import { firstConfig } from './first-config.ts';
import type { RegistryManifest, RegistryReader } from './port.ts';
import { readBase } from './read-base.ts';

/**
 * The digest that a base image's name has now, when that image was made, and, for a name with both a tag and a digest, the
 * digest that the tag has now. Outside the tenant's registry only a digest in the name itself is known.
 */
export async function baseFacts(registry: RegistryReader, reference: string): Promise<Base> {
  const { host, repository, reference: version, tag } = splitReference(reference);
  if (host !== registry.host) return isDigest(version) ? { reference, digest: version } : { reference };
  const found = await readBase(registry, repository, version);
  const [created, layers, tagged] = await Promise.all([
    createdAt(registry, repository, found),
    layersOf(registry, repository, found),
    tag === undefined || tag === version ? ('absent' as const) : registry.readManifest(repository, tag),
  ]);
  const newer: Digest | undefined =
    tagged === 'absent' || tagged.digest === found.digest ? undefined : tagged.digest;
  return {
    reference,
    digest: found.digest,
    ...(created === undefined ? {} : { created }),
    ...(newer === undefined ? {} : { newer }),
    ...(layers === undefined ? {} : { layers }),
  };
}

/** The layers of all platforms, each once. `undefined` if a platform cannot be read. */
async function layersOf(
  registry: RegistryReader,
  repository: string,
  { mediaType, bytes }: RegistryManifest,
): Promise<readonly Digest[] | undefined> {
  const parsed = parseManifest(mediaType, bytes);
  if (parsed.kind === 'image') return parsed.manifest.layers.map(({ digest }) => digest);
  const found = await Promise.all(
    parsed.index.manifests.map(async (one) => {
      const child = await registry.readManifest(repository, one.digest);
      const inner = child === 'absent' ? undefined : parseManifest(child.mediaType, child.bytes);
      if (inner?.kind !== 'image') return undefined;
      const statements = namesNoPlatform(one) && holdsStatements(inner.manifest);
      return statements ? [] : inner.manifest.layers.map(({ digest }) => digest);
    }),
  );
  return found.some((layers) => layers === undefined)
    ? undefined
    : [...new Set(found.flatMap((layers) => layers ?? []))];
}

/** As ISO 8601. `undefined` if the image does not say it, or says something that is not a time. */
async function createdAt(
  registry: RegistryReader,
  repository: string,
  image: RegistryManifest,
): Promise<string | undefined> {
  const time = Date.parse((await firstConfig(registry, repository, image))?.created ?? '');
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
