import { clockFrom } from '@tenant-delivery/action-kit/clock';
import { succeededRuns } from '@tenant-delivery/github/actions/succeeded-runs';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import type { Io } from '../io.ts';
import type { Git } from './git.ts';
import { type Job, thisJob } from './this-job.ts';
import { UsageError } from './usage-error.ts';

/** What the contracts of a folder are compared with. */
export interface Base {
  /** Undefined where there is nothing to compare with: then every contract counts as changed. */
  readonly commit: string | undefined;
  readonly sentence: string;
}

/**
 * A pull request is compared with what it would be merged into. A push is compared with the head of the newest run that
 * succeeded, not with the push before it: that one's run may have failed, or there was none.
 */
export async function baseOf(git: Git, io: Io): Promise<Base> {
  const job = thisJob('contract changes without --since', io);
  if (job.event === 'pull_request') {
    const [, into, ...merged] = (await git('rev-list', '--parents', '--max-count=1', 'HEAD'))
      .trim()
      .split(' ');
    if (into === undefined || merged.length === 0)
      throw new UsageError(
        'What is checked out is no merge of a pull request. Check out without `ref`, with `fetch-depth: 0`.',
      );
    return {
      commit: into,
      sentence: `Compared with ${into.slice(0, 8)}, which the pull request would be merged into.`,
    };
  }
  return lastPublished(git, job, io);
}

async function lastPublished(git: Git, job: Job, io: Io): Promise<Base> {
  const client = await githubClient(job.apiUrl, job.token, clockFrom(io.env));
  const [, workflow = ''] = /\/([^/@]+)@/.exec(job.workflowRef) ?? [];
  const branch = job.branch.replace('refs/heads/', '');
  const last = await succeededRuns(client).newest(job.repository, { workflow, branch, event: job.event });
  const every = (why: string): Base => ({
    commit: undefined,
    sentence: `${why}: every contract counts as changed.`,
  });
  if (last === undefined) return every(`No run of ${workflow} for ${branch} has succeeded yet`);
  const named = `${last.sha.slice(0, 8)}, the head of the last run that succeeded (${last.id})`;
  const before = await git('merge-base', '--is-ancestor', last.sha, 'HEAD').then(
    () => true,
    () => false,
  );
  return before
    ? { commit: last.sha, sentence: `Compared with ${named}.` }
    : every(`${named}, is no longer part of ${branch}`);
}

/** The files of a folder that differ from the base, by their names in it; every file where there is none. */
export async function changedSince({ commit }: Base, git: Git): Promise<readonly string[]> {
  const listed =
    commit === undefined
      ? await git('ls-tree', '-r', '-z', '--name-only', 'HEAD', '.')
      : await git('diff', '-z', '--name-only', '--no-renames', '--relative', commit, 'HEAD', '--', '.');
  return listed.split('\0').filter((name) => name !== '');
}

/** A file as it is at a commit; undefined where the commit does not have it. */
export async function fileAt(
  git: Git,
  commit: string | undefined,
  name: string,
): Promise<string | undefined> {
  if (commit === undefined) return undefined;
  const there = await git('ls-tree', '-z', '--name-only', commit, '--', name);
  return there === '' ? undefined : git('show', `${commit}:./${name}`);
}
