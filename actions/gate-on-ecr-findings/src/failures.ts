import { failure } from '@tenant-delivery/action-kit';

export const failures = {
  notBuilt: failure(
    'CHANGE_NOT_BUILT',
    (change: string, state: string) =>
      `${change} is ${state} and names no image, so there is nothing to judge.`,
    'Run build-and-scan-image for this change first, in the same job.',
  ),
  platformGone: failure(
    'PLATFORM_GONE',
    (platform: string, digest: string, image: string) =>
      `The image ${image} was recorded with ${platform} (${digest}), which the registry no longer lists in it.`,
    'Deliver again so that the image is built and pushed anew, and find out who changed the registry.',
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
    'Let both environments name one ECR repository in the contract, or replicate the repository to this region and wait until the image is there; then run again.',
  ),
  imageAbsent: failure(
    'IMAGE_ABSENT',
    (repository: string, digest: string) => `The registry holds no ${digest} in ${repository}.`,
    'Run the delivery again so that the image is built and pushed; check that no lifecycle rule removed it.',
  ),
};
