import { Readable } from 'node:stream';
import { clockFrom } from '@tenant-delivery/action-kit/clock';
import { inOrder } from '@tenant-delivery/action-kit/in-order';
import type { Commits } from '@tenant-delivery/delivery/github-ports';
import { workflowRuns } from '@tenant-delivery/github/actions/workflow-runs';
import { repositoryActivity } from '@tenant-delivery/github/commits/activity';
import { commits } from '@tenant-delivery/github/commits/commits';
import { pullRequests } from '@tenant-delivery/github/commits/pull-requests';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import type { Io } from '../io.ts';
import { historyOf } from './contract-commits.ts';
import { partsIn } from './contract-parts.ts';
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
