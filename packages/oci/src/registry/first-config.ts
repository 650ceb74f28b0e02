import { namesNoPlatform } from '../descriptor.ts';
import { type ImageConfig, parseImageConfig } from '../image-config.ts';
import { holdsStatements, parseManifest } from '../manifest.ts';
import type { RegistryManifest, RegistryReader } from './port.ts';

/** The configuration of an image, or of the first platform of an index. `undefined` if there is nothing to run. */
export async function firstConfig(
  registry: RegistryReader,
  repository: string,
  { mediaType, bytes }: RegistryManifest,
): Promise<ImageConfig | undefined> {
  const parsed = parseManifest(mediaType, bytes);
  if (parsed.kind === 'image')
    return parseImageConfig(await registry.readBlob(repository, parsed.manifest.config));
  for (const child of parsed.index.manifests) {
    const read = await registry.readManifest(repository, child.digest);
    const inner = read === 'absent' ? undefined : parseManifest(read.mediaType, read.bytes);
    if (read === 'absent' || inner?.kind !== 'image') return undefined;
    if (namesNoPlatform(child) && holdsStatements(inner.manifest)) continue;
    return firstConfig(registry, repository, read);
  }
  return undefined;
}
