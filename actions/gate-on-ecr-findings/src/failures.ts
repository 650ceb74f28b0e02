import { failure } from '@tenant-delivery/action-kit/failure';

export const failures = {
  notBuilt: failure(
    'CHANGE_NOT_BUILT',
    (change: string, state: string) =>
      `${change} is ${state} and names no image, so there is nothing to judge.`,
    'Run build-and-scan-image for this change first, in the job before.',
  ),
  proposalMismatch: failure(
    'PROPOSAL_MISMATCH',
    (change: string, details: readonly string[]) => ({
      message: `The build job recorded ${change} differently from what this job sees: ${details.join('; ')}.`,
      details,
    }),
    'Do not deploy this change; start a new run. If it happens again, look at what runs in the build: the Dockerfile, its base images, and what they download.',
  ),
  platformGone: failure(
    'PLATFORM_GONE',
    (platform: string, digest: string, image: string) =>
      `The image ${image} was recorded with ${platform} (${digest}), which the registry no longer lists in it.`,
    'Deliver again, so that the image is built and pushed again, and find out who changed the registry.',
  ),
  repositoryNotScanned: failure(
    'REPOSITORY_NOT_SCANNED',
    (repository: string, frequency: string) =>
      `Nothing inspects ${repository} by itself: its scan frequency is ${frequency}.`,
    'Add the repository to a rule of the registry that scans on push or continuously. An image that nobody inspects cannot be judged.',
  ),
  imageNotReplicated: failure(
    'IMAGE_NOT_REPLICATED',
    (image: string) =>
      `The registry of this environment does not hold ${image}, and a promotion builds nothing.`,
    'Name the same ECR repository for both environments in the contract, or replicate the repository to this region and wait until the image is there. Then run again.',
  ),
  imageAbsent: failure(
    'IMAGE_ABSENT',
    (repository: string, what: string) => `The registry holds no ${what} in ${repository}.`,
    'Build and push the image again, or correct what names it; check that no lifecycle rule removed it.',
  ),
  imageElsewhere: failure(
    'IMAGE_ELSEWHERE',
    (image: string, where: string, here: string) =>
      `${image} is in ${where}; the job's credentials are for ${here}, and only that registry is asked.`,
    'Give the job credentials for the account and region that hold the image, or name a repository in this account.',
  ),
  repositoryAbsent: failure(
    'REPOSITORY_ABSENT',
    (repository: string, account: string, region: string) =>
      `There is no repository ${repository} in the registry of ${account} in ${region}.`,
    'Correct `repository`, or give the job credentials for the account and region that hold it.',
  ),
  tagMoved: failure(
    'TAG_MOVED',
    (tag: string, before: string, now: string) =>
      `The tag ${tag} was ${before} when the gate began, and is ${now} now that the inspection is over.`,
    'Give `digest`, the output of the step that built the image; make the tags of the repository immutable.',
  ),
  scanPolicyNotFound: failure(
    'SCAN_POLICY_NOT_FOUND',
    (path: string, why: string) => `The scan policy ${path} ${why}.`,
    'Check the repository out in an earlier step, and name its policy file in `policy`. Without a policy nothing is judged.',
  ),
};
