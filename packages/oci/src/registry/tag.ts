import type { Digest } from '@tenant-delivery/domain';
import { failures } from '../failures.ts';
import type { RegistryWriter } from './port.ts';
import { confirm } from './push.ts';

/** Gives an image that the registry holds one more tag, which nothing has yet. */
export async function tagImage(
  registry: RegistryWriter,
  repository: string,
  tag: string,
  digest: Digest,
): Promise<void> {
  const image = await registry.readManifest(repository, digest);
  if (image === 'absent') throw failures.pushNotConfirmed(digest, 'nothing');
  await registry.writeManifest(repository, tag, image.mediaType, image.bytes);
  await confirm(registry, repository, tag, image);
}
