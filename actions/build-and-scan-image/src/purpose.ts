import type { Admission } from '@tenant-delivery/tenancy/admission';
import { failures } from './failures.ts';
import type { World } from './ports.ts';

/** What an image is for, beside what it is made from. */
export interface Purpose {
  readonly repository: string;
  readonly repositoryUri: string;
  readonly revision: string;
  readonly ref: string;
  /** Commit time, seconds since 1970. */
  readonly epoch: number;
}

/** The revision is the one that GitHub's token names; a workspace that holds another one is refused. */
export async function purposeOf(
  { claims, source, runner }: World,
  { names }: Admission,
  repositoryUri: string,
): Promise<Purpose> {
  const commit = await source.commit();
  if (commit === 'unknown')
    runner.info('The workspace is no git repository: files in the image carry no time.');
  else if (commit.sha !== claims.sha) throw failures.revisionDiffers(commit.sha, claims.sha);
  return {
    repository: names.repository,
    repositoryUri,
    revision: claims.sha,
    ref: claims.ref,
    epoch: commit === 'unknown' ? 0 : commit.seconds,
  };
}
