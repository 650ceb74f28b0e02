import { Readable } from 'node:stream';
import { inOrder } from '@tenant-delivery/action-kit/in-order';
import { moversIn, movesThatBrought } from '@tenant-delivery/delivery/brought-by';
import type {
  MergedPullRequest,
  PullRequests,
  RepositoryUpdate,
} from '@tenant-delivery/delivery/github-ports';
import { handsIn } from '@tenant-delivery/delivery/hands-in-pull-requests';
import type { FileHistory } from './contract-commits.ts';
import type { Facts } from './contract-request.ts';
import type { Job } from './this-job.ts';

interface Change {
  readonly job: Pick<Job, 'repository' | 'branch' | 'sha'>;
  readonly history: FileHistory;
  readonly since: string | undefined;
  /** How the branches of the repository moved, the newest first. */
  readonly updates: readonly RepositoryUpdate[];
}

/** Who brought the commits to the branch, and who had a part in the pull requests that they came by. */
export async function partsIn(
  { job: { repository, branch, sha: head }, history: { touched, range }, since, updates }: Change,
  pulls: PullRequests,
): Promise<Pick<Facts, 'brought' | 'requested'>> {
  const own = Readable.from(updates.filter(({ ref }) => ref === branch));
  const moves = await movesThatBrought({ commits: range, head, since }, touched, own);
  const mergedWith = (sha: string) => pulls.mergedWith(repository, sha);
  // a pull request from this branch to another one brought nothing here; a fork's branch may have the same name
  const brings = ({ head }: MergedPullRequest) => head.repository !== repository || head.ref !== branch;
  const requested = await inOrder(
    touched.map(async (sha) => {
      const came = (await mergedWith(sha)).filter(brings);
      const { by, unsaid } = await handsIn(came, { repository, updates, mergedWith });
      const moved = moves.get(sha) ?? 'unknown';
      const lost = came.length === 0 && moved !== 'unknown' && moved.some(({ merged }) => merged);
      const why = lost ? [`GitHub does not say which pull request brought ${sha.slice(0, 8)}`] : [];
      return [sha, { by, unsaid: [...pushedByBots(sha, moved), ...why, ...unsaid] }] as const;
    }),
  );
  return {
    brought: new Map([...moves].map(([sha, by]) => [sha, by === 'unknown' ? by : moversIn(by)])),
    requested: new Map(requested),
  };
}

/** A bot may merge a pull request, but what it pushes to the branch itself can be anything. */
function pushedByBots(sha: string, moves: readonly RepositoryUpdate[] | 'unknown'): readonly string[] {
  const pushes = moves === 'unknown' ? [] : moves.filter(({ merged }) => !merged);
  return pushes.flatMap(({ by }) =>
    by !== 'unknown' && by.bot
      ? [`${by.login} pushed ${sha.slice(0, 8)}, and GitHub does not say for whom: sign this change by hand`]
      : [],
  );
}
