import { failure } from '@tenant-delivery/action-kit/failure';

const shown = (shas: readonly string[]) => shas.map((sha) => sha.slice(0, 12)).join(', ');

export const failures = {
  environmentUnprotected: failure(
    'ENVIRONMENT_UNPROTECTED',
    (differences: readonly string[]) => ({
      message: `The repository's environments are protected less than the contract says: ${differences.join('; ')}.`,
      details: differences,
    }),
    "Set the environments in the repository's settings as the contract says, then start a new run.",
  ),
  approvalsMissing: failure(
    'APPROVALS_MISSING',
    (change: string, missing: readonly string[], discounted: readonly string[]) => ({
      message: `${change} is not approved as the contract requires (${missing.join(', ')})${
        discounted.length > 0 ? `; not counted: ${discounted.join('; ')}` : ''
      }.`,
      details: [...missing, ...discounted],
    }),
    'Start a new run and have somebody approve it who has the role, did not start it, and wrote or committed none of it.',
  ),
  approvalAmbiguous: failure(
    'APPROVAL_AMBIGUOUS',
    (change: string, attempt: number) =>
      `This is attempt ${attempt} of the run, and GitHub does not say which of its approvals was given for ${change}.`,
    'Start a new run instead of running this one again, and have it approved.',
  ),
  commitAuthorUnknown: failure(
    'COMMIT_AUTHOR_UNKNOWN',
    (commits: readonly string[]) => ({
      message: `No GitHub account belongs to the author or committer of ${shown(commits)}, so the approver may be one of them.`,
      details: commits,
    }),
    'Let the author add the e-mail address to the GitHub account, or rewrite the commit with a known one, and start a new run.',
  ),
};
