import { failure } from '@tenant-delivery/action-kit/failure';

export const failures = {
  permissionMissing: failure(
    'GITHUB_PERMISSION_MISSING',
    (route: string, said: string) => `GitHub did not allow ${route}: ${said}`,
    "Compare the calling job's `permissions:` block with the README of this action: each grant that it needs is listed there.",
  ),
  unavailable: failure(
    'GITHUB_UNAVAILABLE',
    (route: string, cause: unknown) => ({
      message: `GitHub could not be asked for ${route}: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    }),
    "Look at GitHub's status page and run again. Nothing was decided on the missing answer.",
  ),
  answerIncomplete: failure(
    'GITHUB_ANSWER_INCOMPLETE',
    (route: string, problems: readonly string[]) => ({
      message: `GitHub's answer to ${route} lacks what a decision needs: ${problems.join('; ')}`,
      details: problems,
    }),
    'Run again. If it stays, this GitHub (a GitHub Enterprise Server release, or a proxy before it) does not say what must be known here.',
  ),
};
