import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Digest } from '@tenant-delivery/domain';
import { failures as ociFailures } from '@tenant-delivery/oci/failures';
import { type Layout, rootOf } from '@tenant-delivery/oci/layout';
import { splitReference } from '@tenant-delivery/oci/reference';
import type { RegistryWriter } from '@tenant-delivery/oci/registry/port';
import { type Pushed, pushLayout } from '@tenant-delivery/oci/registry/push';
import { tagImage } from '@tenant-delivery/oci/registry/tag';
import { failures } from './failures.ts';
import type { World } from './ports.ts';
import type { Prepared } from './prepare.ts';
import type { Purpose } from './purpose.ts';
import { holderOf, withPush } from './tag-holder.ts';

/**
 * The tag is the revision and a part of the inputs' digest. If a builder that is not reproducible made another image of
 * the same revision before, that image has the tag, and this one's own digest is added. An image whose labels name
 * another revision, or none, was pushed by somebody else: TAG_TAKEN.
 */
export async function pushTagged(
  world: Pick<World, 'inspections'>,
  writer: RegistryWriter,
  layout: Layout,
  prepared: Prepared,
  purpose: Purpose,
): Promise<Pushed> {
  const { repository, revision } = purpose;
  const mountFrom = prepared.base.map((base) => splitReference(base.reference).repository);
  const tag = `${revision}-${short(prepared.inputs)}`;
  try {
    return await pushLayout(writer, layout, { repository, tag, mountFrom });
  } catch (thrown) {
    if (!(thrown instanceof Failure && thrown.code === ociFailures.tagTaken.code)) throw thrown;
    const holder = await holderOf(writer, repository, tag);
    if (holder === 'nobody') throw thrown;
    if (holder.revision !== revision)
      throw failures.tagOfAnother(tag, await withPush(world, repository, holder));
    const own = `${tag}-${short(rootOf(layout).digest)}`;
    return pushLayout(writer, layout, { repository, tag: own, mountFrom });
  }
}

/** Checked before anything is built: a version that belongs to another commit's image can never belong to this one's. */
export async function refuseTaken(
  world: Pick<World, 'inspections'>,
  writer: RegistryWriter,
  version: string | undefined,
  { repository, revision }: Purpose,
): Promise<void> {
  if (version === undefined) return;
  const holder = await holderOf(writer, repository, version);
  if (holder === 'nobody' || holder.revision === revision) return;
  throw failures.versionTaken(version, revision, await withPush(world, repository, holder));
}

/** Gives the image its version as one more tag. A version that it has already is left alone; another image's is TAG_TAKEN. */
export async function tagVersion(
  world: Pick<World, 'inspections'>,
  writer: RegistryWriter,
  version: string,
  digest: Digest,
  { repository, revision }: Purpose,
): Promise<void> {
  const holder = await holderOf(writer, repository, version);
  if (holder === 'nobody') await tagImage(writer, repository, version, digest);
  else if (holder.digest !== digest)
    throw failures.versionTaken(version, revision, await withPush(world, repository, holder));
}

export function short(digest: string): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 12);
}
