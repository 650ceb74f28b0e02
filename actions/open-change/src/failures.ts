import { failure } from '@tenant-delivery/action-kit/failure';

export const failures = {
  manifestNotFound: failure(
    'MANIFEST_NOT_FOUND',
    (path: string, why: string) => `There is no service manifest to read: ${path} ${why}.`,
    'Check `manifest`, and that the job checks out the repository before this step.',
  ),
  pullRequestRequired: failure(
    'PULL_REQUEST_REQUIRED',
    (event: string) => `The event ${event || 'of this run'} has no pull request to assess.`,
    'Call release-gate.yml on `pull_request`.',
  ),
};
