import { isAttestation } from '../descriptor.ts';
import { type ImageConfig, parseImageConfig } from '../image-config.ts';
import { parseManifest } from '../manifest.ts';
import type { RegistryManifest, RegistryReader } from './port.ts';

/** The configuration of an image, or of the first platform of an index; `undefined` where it holds nothing to run. */
export async function firstConfig(
  registry: RegistryReader,
  repository: string,
  { mediaType, bytes }: RegistryManifest,
): Promise<ImageConfig | undefined> {
  const parsed = parseManifest(mediaType, bytes);
  if (parsed.kind === 'image')
    return parseImageConfig(await registry.readBlob(repository, parsed.manifest.config.digest));
  const child = parsed.index.manifests.find((one) => !isAttestation(one));
  const read = child ? await registry.readManifest(repository, child.digest) : 'absent';
  if (read === 'absent' || parseManifest(read.mediaType, read.bytes).kind === 'index') return undefined;
  return firstConfig(registry, repository, read);
}
