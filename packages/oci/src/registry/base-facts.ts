import { type Digest, isDigest } from '@tenant-delivery/domain';
import { isAttestation } from '../descriptor.ts';
import { failures } from '../failures.ts';
import { parseImageConfig } from '../image-config.ts';
import type { Base } from '../inputs-digest.ts';
import { parseManifest } from '../manifest.ts';
import { splitReference } from '../reference.ts';
import type { RegistryManifest, RegistryReader } from './port.ts';

/**
 * What a base image's name stands for now, when that image was made, and what its tag has come to stand for where the
 * name fixes a digest too. Of an image outside the tenant's registry only a digest in the name itself is known.
 */
export async function baseFacts(registry: RegistryReader, reference: string): Promise<Base> {
  const { host, repository, reference: version, tag } = splitReference(reference);
  if (host !== registry.host) return isDigest(version) ? { reference, digest: version } : { reference };
  const found = await registry.readManifest(repository, version);
  if (found === 'absent') throw failures.baseImageUnavailable(reference, 'the registry has no such image');
  const [created, tagged] = await Promise.all([
    createdAt(registry, repository, found),
    tag === undefined || tag === version ? ('absent' as const) : registry.readManifest(repository, tag),
  ]);
  const newer: Digest | undefined =
    tagged === 'absent' || tagged.digest === found.digest ? undefined : tagged.digest;
  return {
    reference,
    digest: found.digest,
    ...(created === undefined ? {} : { created }),
    ...(newer === undefined ? {} : { newer }),
  };
}

/** `created` of the first platform's configuration; `undefined` where the image does not say it, or not as a time. */
async function createdAt(
  registry: RegistryReader,
  repository: string,
  { mediaType, bytes }: RegistryManifest,
): Promise<string | undefined> {
  const parsed = parseManifest(mediaType, bytes);
  if (parsed.kind === 'index') {
    const child = parsed.index.manifests.find((one) => !isAttestation(one));
    const read = child ? await registry.readManifest(repository, child.digest) : 'absent';
    const nested = read === 'absent' || parseManifest(read.mediaType, read.bytes).kind === 'index';
    return nested ? undefined : createdAt(registry, repository, read);
  }
  const { created } = parseImageConfig(await registry.readBlob(repository, parsed.manifest.config.digest));
  const time = Date.parse(created ?? '');
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
