import { Readable } from 'node:stream';
import { clockFrom } from '@tenant-delivery/action-kit/clock';
import { inOrder } from '@tenant-delivery/action-kit/in-order';
import { moversIn, movesThatBrought } from '@tenant-delivery/delivery/brought-by';
import type { Commits, PullRequests, RepositoryUpdate } from '@tenant-delivery/delivery/github-ports';
import { handsIn } from '@tenant-delivery/delivery/hands-in-pull-requests';
import { workflowRuns } from '@tenant-delivery/github/actions/workflow-runs';
import { repositoryActivity } from '@tenant-delivery/github/commits/activity';
import { commits } from '@tenant-delivery/github/commits/commits';
import { pullRequests } from '@tenant-delivery/github/commits/pull-requests';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import type { Io } from '../io.ts';
import { type FileHistory, historyOf } from './contract-commits.ts';
import { type ContractRequest, type Facts, judgeRequest } from './contract-request.ts';
import { type Job, thisJob } from './this-job.ts';

interface Asked {
  readonly tenant: string;
  readonly file: string;
  /** The commit that has the contract in force. Absent where none is: every commit of the file counts. */
  readonly since: string | undefined;
  readonly environment: string;
}

/** Asks GitHub with the job's token about the commits that git names, and judges what it says. */
export async function requestOf(
  { tenant, file, since, environment }: Asked,
  io: Io,
): Promise<ContractRequest> {
  const job = thisJob('--record', io);
  const { repository, runId, runAttempt, sha } = job;
  const client = await githubClient(job.apiUrl, job.token, clockFrom(io.env));
  const [runs, history] = [workflowRuns(client), commits(client)];
  const asked = {
    job,
    history: await historyOf(file, since, io),
    since,
    updates: await Readable.from(repositoryActivity(client).updatesOf(repository)).toArray(),
  };
  const attempts = Array.from({ length: runAttempt }, (_, index) => index + 1);
  const [written, parts, approvals, started] = await Promise.all([
    writtenIn(asked.history.touched, job, history),
    partsIn(asked, pullRequests(client)),
    runs.approvalsOf(repository, runId),
    inOrder(attempts.map((attempt) => runs.startersOf(repository, runId, attempt))),
  ]);
  const approvers = approvals
    .filter(({ state, environments }) => state === 'approved' && environments.includes(environment))
    .map(({ by }) => by);
  const starters = started.flatMap(({ actor, triggeringActor }) => [actor, triggeringActor]);
  const judged = judgeRequest({ tenant, commits: written, ...parts, starters, approvers });
  return { ...judged, run: { repository, runId, runAttempt, sha } };
}

async function writtenIn(
  touched: readonly string[],
  { repository }: Job,
  history: Pick<Commits, 'commit'>,
): Promise<Facts['commits']> {
  const found = await Promise.all(touched.map((sha) => history.commit(repository, sha)));
  const known = found.filter((each) => each !== 'absent');
  return known.length === found.length ? known : 'absent';
}

interface Change {
  readonly job: Job;
  readonly history: FileHistory;
  readonly since: string | undefined;
  /** How the branches of the repository moved, the newest first. */
  readonly updates: readonly RepositoryUpdate[];
}

/** Who brought the commits to the branch, and who had a part in the pull requests that they came by. */
async function partsIn(
  { job: { repository, branch, sha: head }, history: { touched, range }, since, updates }: Change,
  pulls: PullRequests,
): Promise<Pick<Facts, 'brought' | 'requested'>> {
  const own = Readable.from(updates.filter(({ ref }) => ref === branch));
  const moves = await movesThatBrought({ commits: range, head, since }, touched, own);
  const found = await Promise.all(touched.map((sha) => pulls.mergedWith(repository, sha)));
  // a pull request from this branch to another one brought nothing here
  const came = found.map((some) => some.filter(({ head }) => head.ref !== branch));
  const mergedWith = (sha: string) => pulls.mergedWith(repository, sha);
  const hands = await handsIn(came.flat(), { repository, updates, mergedWith });
  const lost = [...moves]
    .filter(([, by], index) => came[index]?.length === 0 && by !== 'unknown' && by.some(isMerge))
    .map(([sha]) => `GitHub does not say which pull request brought ${sha.slice(0, 8)}`);
  return {
    brought: new Map([...moves].map(([sha, by]) => [sha, by === 'unknown' ? by : moversIn(by)])),
    requested: { by: hands.by, unsaid: [...lost, ...hands.unsaid] },
  };
}

const isMerge = ({ merged }: RepositoryUpdate) => merged;
