import { failure } from '@tenant-delivery/action-kit/failure';
import type { TagHolder } from './tag-holder.ts';

function sayHolder({ digest, revision, pushedAt }: TagHolder): string {
  const when = pushedAt === undefined ? '' : `, pushed at ${new Date(pushedAt).toISOString()}`;
  const from = revision === undefined ? ', whose labels name no commit' : `, built from commit ${revision}`;
  return `the image ${digest}${when}${from}`;
}

export const failures = {
  repositoryAbsent: failure(
    'REPOSITORY_ABSENT',
    (repository: string, account: string) =>
      `There is no repository ${repository} in the registry of ${account}.`,
    'Ask the provider to create the repository that the contract names, or to let the contract say `registry.createIfMissing`: only then does this action make one, with the settings of the contract.',
  ),
  ownRepositoryAbsent: failure(
    'REPOSITORY_ABSENT',
    (repository: string, account: string, region: string) =>
      `There is no repository ${repository} in the registry of ${account} in ${region}.`,
    'Correct the name in `tags` or `cache-to`, have an earlier step get credentials for the account and region that hold the repository, or create it there.',
  ),
  registryElsewhere: failure(
    'IMAGE_ELSEWHERE',
    (elsewhere: readonly string[]) => ({
      message: `The job's credentials are for another registry: ${elsewhere.join('; ')}.`,
      details: elsewhere,
    }),
    "Have an earlier step get credentials for the account and region of that registry, or leave the registry out of the names. To copy the image elsewhere, use `docker buildx imagetools create` in a later step, with this step's output `image`.",
  ),
  cacheWithoutCredentials: failure(
    'AWS_CREDENTIALS_MISSING',
    (caches: readonly string[]) =>
      `cache-to writes to ECR (${caches.join(', ')}), and the job has no AWS credentials.`,
    'Have an earlier step set AWS credentials (aws-actions/configure-aws-credentials), or give `cache-to` only where the job has them.',
  ),
  tagsTaken: failure(
    'TAG_TAKEN',
    (
      repository: string,
      taken: readonly {
        readonly tag: string;
        readonly digest: string;
        readonly revision: string | undefined;
      }[],
    ) => {
      const details = taken.map(
        ({ tag, digest, revision }) =>
          `${tag} belongs to ${digest}${revision === undefined ? ', whose labels name no commit' : `, built from commit ${revision}`}`,
      );
      return {
        message: `Tags of ${repository} do not move, and other images have them: ${details.join('; ')}`,
        details,
      };
    },
    'Give this image a tag of its own, such as one with the commit, or leave the tag out. If the tag shall move, such as `latest`, exclude it from the immutability of the repository.',
  ),
  repositoryUnsafe: failure(
    'REPOSITORY_UNSAFE',
    (repository: string, problems: readonly string[]) => ({
      message: `${repository} is not set up as an image must be kept: ${problems.join('; ')}`,
      details: problems,
    }),
    'Have the provider run `apply-contract` for this environment; it gives the repository what the contract promises: immutable tags, encryption at rest, scanning on push or continuously, copies in other regions, signatures.',
  ),
  sourceMissing: failure(
    'BUILD_SOURCE_MISSING',
    (what: string) => `There is nothing to build from: ${what}`,
    'Check out the repository before this step, and check the inputs `context` and `dockerfile`.',
  ),
  versionTaken: failure(
    'TAG_TAKEN',
    (version: string, revision: string, holder: TagHolder) =>
      holder.revision === revision
        ? `The version ${version} already belongs to ${sayHolder(holder)}: this same commit, built with other inputs.`
        : `The version ${version} already belongs to ${sayHolder(holder)}. This build is of commit ${revision}.`,
    'Use the next number in `version`. A version means one image for ever, even if the same commit is built with other inputs. To bring back the image that has this version, use rollback.yml.',
  ),
  tagOfAnother: failure(
    'TAG_TAKEN',
    (tag: string, holder: TagHolder) =>
      `The tag ${tag}, which is made from this commit and its inputs, already belongs to ${sayHolder(holder)}.`,
    "Somebody else pushed this tag. Look for PutImage in the account's CloudTrail: only the build role should be allowed to push to this repository. Then deliver a new commit, because tags never move.",
  ),
  contextTooLarge: failure(
    'CONTEXT_TOO_LARGE',
    (contexts: readonly string[], megabytes: number) => ({
      message: `A build context may have ${megabytes} MB, so no file was read. ${contexts.join('. ')}.`,
      details: contexts,
    }),
    'Add what the image does not need to `.dockerignore`, or choose a smaller folder as `context`. If the image needs all of it, raise `context-megabytes`.',
  ),
  cacheNotApart: failure(
    'CACHE_NOT_APART',
    (repository: string) => `${repository} keeps the service's images, and cannot keep the build cache too.`,
    'Give `cache-repository` a repository of its own, whose tags may be moved, or leave it out.',
  ),
  revisionDiffers: failure(
    'REVISION_DIFFERS',
    (checkedOut: string, run: string) =>
      `The workspace holds ${checkedOut}, but this run is about ${run}; the record would name the wrong source.`,
    'Check out the commit of the run (the default of actions/checkout), not another ref.',
  ),
  scanUnfinished: failure(
    'SCAN_UNFINISHED',
    (image: string, why: string) => `The registry has not finished to inspect ${image}: ${why}`,
    'Run the job again; the image is there and is used again. If it persists, look at the inspection in the registry.',
  ),
  replicationUnfinished: failure(
    'REPLICATION_UNFINISHED',
    (image: string, problems: readonly string[]) => ({
      message: `${image} is not in every region that the contract names: ${problems.join('; ')}`,
      details: problems,
    }),
    "Run the job again: it reuses the image and waits for the copies again (`replication-minutes`). If a copy failed, have the provider look at the registry's replication. An image pushed before replication was set up is never copied: deliver a new commit.",
  ),
  signingUnfinished: failure(
    'SIGNING_UNFINISHED',
    (image: string, problems: readonly string[]) => ({
      message: `The registry has not signed ${image}: ${problems.join('; ')}`,
      details: problems,
    }),
    'Run the job again if time ran out. The registry signs in the name of the role that pushes, so the build role needs signer:SignPayload on the profile (templates/iam/permissions/build-managed-signing.json). An image pushed before signing was set up, or with a failed signature, is not signed later: deliver a new commit.',
  ),
};
