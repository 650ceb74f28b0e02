import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Digest } from '@tenant-delivery/domain';
import { failures as ociFailures } from '@tenant-delivery/oci/failures';
import { type Layout, rootOf } from '@tenant-delivery/oci/layout';
import { splitReference } from '@tenant-delivery/oci/reference';
import { type Pushed, pushLayout } from '@tenant-delivery/oci/registry/push';
import { tagImage } from '@tenant-delivery/oci/registry/tag';
import { failures } from './failures.ts';
import type { Job } from './job.ts';
import type { Prepared } from './prepare.ts';
import { holderOf, withPush } from './tag-holder.ts';

/**
 * The tag is the revision and a part of the inputs' digest. If a builder that is not reproducible made another image of
 * the same revision before, that image has the tag, and this one's own digest is added. An image whose labels name
 * another revision, or none, was pushed by somebody else: TAG_TAKEN.
 */
export async function pushTagged(job: Job, layout: Layout, prepared: Prepared): Promise<Pushed> {
  const { repository, revision } = job.purpose;
  const { writer } = job.repository.connection;
  const mountFrom = prepared.base.map(({ reference, layers }) => ({
    repository: splitReference(reference).repository,
    layers,
  }));
  const tag = `${revision}-${short(prepared.inputs)}`;
  try {
    return await pushLayout(writer, layout, { repository, tag, mountFrom });
  } catch (thrown) {
    if (!(thrown instanceof Failure && thrown.code === ociFailures.tagTaken.code)) throw thrown;
    const holder = await holderOf(writer, repository, tag);
    if (holder === 'nobody') throw thrown;
    if (holder.revision !== revision)
      throw failures.tagOfAnother(tag, await withPush(job.world, repository, holder));
    const own = `${tag}-${short(rootOf(layout).digest)}`;
    return pushLayout(writer, layout, { repository, tag: own, mountFrom });
  }
}

/** Checked before anything is built: a version that belongs to another commit's image can never belong to this one's. */
export async function refuseTaken(job: Job): Promise<void> {
  const { version } = job.given;
  const { repository, revision } = job.purpose;
  const { writer } = job.repository.connection;
  if (version === undefined) return;
  const holder = await holderOf(writer, repository, version);
  if (holder === 'nobody' || holder.revision === revision) return;
  throw failures.versionTaken(version, revision, await withPush(job.world, repository, holder));
}

/** Gives the image its version as one more tag. A version that it has already is left alone; another image's is TAG_TAKEN. */
export async function tagVersion(job: Job, version: string, digest: Digest): Promise<void> {
  const { repository, revision } = job.purpose;
  const { writer } = job.repository.connection;
  const holder = await holderOf(writer, repository, version);
  if (holder === 'nobody') await tagImage(writer, repository, version, digest);
  else if (holder.digest !== digest)
    throw failures.versionTaken(version, revision, await withPush(job.world, repository, holder));
}

export function short(digest: string): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 12);
}
