import { failure } from '@tenant-delivery/action-kit/failure';
import type { Judgement } from './judge.ts';

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
    (
      change: string,
      {
        missing,
        discounted,
        able,
      }: Pick<Extract<Judgement, { kind: 'missing' }>, 'missing' | 'discounted' | 'able'>,
    ) => {
      const details = [
        ...discounted.map((word) => `not counted: ${word}`),
        able.length > 0
          ? `could approve it: ${able.join(', ')}`
          : 'no reviewer of the environment could approve it',
      ];
      return {
        message: `${change} is not approved as the contract requires (${missing.join(', ')}): ${details.join('; ')}.`,
        details,
      };
    },
    'Start a new run, because GitHub lets nobody review this one again. Have somebody approve it who has the role, did not start the run, and wrote, committed, merged and pushed none of it.',
  ),
  approvalAmbiguous: failure(
    'APPROVAL_AMBIGUOUS',
    (change: string, unable: readonly string[]) => ({
      message: `GitHub's history of this run does not say for which job and attempt a review was, and not everybody in it could approve ${change}: ${unable.join('; ')}.`,
      details: unable,
    }),
    'Start a new run, and have every job of it that waits in this environment approved only by people who could approve this plan. A job that has nothing to do with it belongs in another environment.',
  ),
  botNotListed: failure(
    'BOT_NOT_LISTED',
    (did: readonly string[]) => ({
      message: `A bot that the contract does not list had a part in this: ${did.join('; ')}.`,
      details: did,
    }),
    "Commit and start the run as a person. A bot of its own, such as Dependabot, may be listed by its number in `approval.bots` of the contract; the bot of a job's GITHUB_TOKEN never.",
  ),
  commitAuthorUnknown: failure(
    'COMMIT_AUTHOR_UNKNOWN',
    (commits: readonly string[]) => ({
      message: `No GitHub account belongs to the author or committer of ${shown(commits)}, so the approver may be one of them.`,
      details: commits,
    }),
    'Let the author add the e-mail address to the GitHub account, or rewrite the commit with a known one, and start a new run.',
  ),
  commitMergerUnknown: failure(
    'COMMIT_MERGER_UNKNOWN',
    (commits: readonly string[]) => ({
      message: `GitHub does not say who merged or pushed ${shown(commits)}, which a bot wrote, so the approver may have.`,
      details: commits,
    }),
    "Run the delivery on the branch that the commit was merged into. Where GitHub's activity of that branch does not name who moved it, revert the commit and merge it again.",
  ),
  commitRecordedBefore: failure(
    'COMMIT_RECORDED_BEFORE',
    (commits: readonly string[]) => ({
      message: `An older release recorded ${shown(commits)} without saying whether a bot wrote it.`,
      details: commits,
    }),
    'Start this promotion in the repository of the source, where GitHub can be asked about its commits.',
  ),
};
