import type { Digest } from '@tenant-delivery/domain';
import { firstConfig } from '@tenant-delivery/oci/registry/first-config';
import type { RegistryManifest, RegistryReader } from '@tenant-delivery/oci/registry/port';
import type { World } from './ports.ts';

/** The label by which an image says what it was made from. */
export const REVISION = 'org.opencontainers.image.revision';

/** The image that has a tag, as far as the registry and the image itself say. */
export interface TagHolder {
  readonly digest: Digest;
  /** The commit in its labels. */
  readonly revision: string | undefined;
  /** Milliseconds since the epoch. */
  readonly pushedAt: number | undefined;
}

/** The image that has the tag, without the time of its push. */
export async function holderOf(
  registry: RegistryReader,
  repository: string,
  tag: string,
): Promise<Omit<TagHolder, 'pushedAt'> | 'nobody'> {
  const held = await registry.readManifest(repository, tag);
  if (held === 'absent') return 'nobody';
  return { digest: held.digest, revision: await revisionOf(registry, repository, held) };
}

/** The same with the time of its push, for people. If the registry does not say when that was, it is left out. */
export async function withPush(
  { inspections }: Pick<World, 'inspections'>,
  repository: string,
  holder: Omit<TagHolder, 'pushedAt'>,
): Promise<TagHolder> {
  const stored = await inspections.image(repository, holder.digest).catch(() => 'absent' as const);
  return { ...holder, pushedAt: stored === 'absent' ? undefined : stored.pushedAt };
}

async function revisionOf(
  registry: RegistryReader,
  repository: string,
  held: RegistryManifest,
): Promise<string | undefined> {
  return (await firstConfig(registry, repository, held))?.config?.Labels?.[REVISION];
}
