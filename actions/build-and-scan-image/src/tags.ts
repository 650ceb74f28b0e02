import { Failure } from '@tenant-delivery/action-kit/failure';
import { failures as ociFailures } from '@tenant-delivery/oci/failures';
import { type Layout, rootOf } from '@tenant-delivery/oci/layout';
import { splitReference } from '@tenant-delivery/oci/reference';
import { firstConfig } from '@tenant-delivery/oci/registry/first-config';
import type { RegistryWriter } from '@tenant-delivery/oci/registry/port';
import { type Pushed, pushLayout } from '@tenant-delivery/oci/registry/push';
import type { Prepared } from './prepare.ts';
import type { Purpose } from './purpose.ts';

/** The label by which an image says what it was made from. */
export const REVISION = 'org.opencontainers.image.revision';

/**
 * The tag is the revision and a part of the inputs' digest. Where a builder that is not reproducible made another
 * image of the same revision before, the tag is taken, and the image's own digest is added. One whose labels say
 * another revision, or none, was written by somebody else: TAG_TAKEN.
 */
export async function pushTagged(
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
    if ((await revisionUnder(writer, repository, tag)) !== revision) throw thrown;
    const own = `${tag}-${short(rootOf(layout).digest)}`;
    return pushLayout(writer, layout, { repository, tag: own, mountFrom });
  }
}

/** Checked before anything is built: a version that belongs to another revision's image can never belong to this one's. */
export async function refuseTaken(
  writer: RegistryWriter,
  version: string | undefined,
  purpose: Purpose,
): Promise<void> {
  const { repository, revision } = purpose;
  const held = version === undefined ? 'absent' : await writer.readManifest(repository, version);
  if (version === undefined || held === 'absent') return;
  if ((await revisionUnder(writer, repository, version)) !== revision)
    throw ociFailures.versionTaken(version, held.digest);
}

/** The revision that the labels of a tag's image name. */
async function revisionUnder(
  writer: RegistryWriter,
  repository: string,
  tag: string,
): Promise<string | undefined> {
  const held = await writer.readManifest(repository, tag);
  if (held === 'absent') return undefined;
  return (await firstConfig(writer, repository, held))?.config?.Labels?.[REVISION];
}

export function short(digest: string): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 12);
}
