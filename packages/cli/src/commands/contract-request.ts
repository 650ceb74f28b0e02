import { clockFrom } from '@tenant-delivery/action-kit/clock';
import { broughtBy } from '@tenant-delivery/delivery/brought-by';
import type { Account, Commit, Commits, Person, WorkflowRuns } from '@tenant-delivery/delivery/github-ports';
import { WEB_FLOW } from '@tenant-delivery/domain';
import type { ContractRecord } from '@tenant-delivery/evidence/contract-record';
import { workflowRuns } from '@tenant-delivery/github/actions/workflow-runs';
import { commits } from '@tenant-delivery/github/commits/commits';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import { failures } from '@tenant-delivery/tenancy/failures';
import type { Io } from '../io.ts';
import { historyOf } from './contract-commits.ts';
import { UsageError } from './usage-error.ts';

/** Who asked for what this run signs, and who agreed. */
export type ContractRequest = Pick<ContractRecord, 'askedBy' | 'approvedBy' | 'run'>;

interface Facts {
  readonly tenant: string;
  /** Every commit that touched the contract since the one in force; `absent` where GitHub does not know one of them. */
  readonly commits: readonly Commit[] | 'absent';
  /** Who pushed or merged each of them to the branch, by its commit: a squashed commit does not say it, and names of authors can be forged. */
  readonly brought: ReadonlyMap<string, readonly Account[] | 'unknown'>;
  /** Who started any attempt of the run. */
  readonly starters: readonly Account[];
  /** Who approved the environment of the job. */
  readonly approvers: readonly Person[];
}

/** Nobody agrees to a contract that they asked for. Throws when nobody else has agreed. */
export function judgeRequest({
  tenant,
  commits: written,
  brought,
  starters,
  approvers,
}: Facts): Omit<ContractRequest, 'run'> {
  if (written === 'absent') throw failures.contractNotApproved(tenant, ['GitHub does not know its commits']);
  const unknown = written
    .filter(({ author, committer }) => author === 'unknown' || committer === 'unknown')
    .map(({ sha }) => `GitHub has no account for who wrote ${sha.slice(0, 8)}`);
  const unsaid = [...brought]
    .filter(([, by]) => by === 'unknown')
    .map(([sha]) => `GitHub does not say who brought ${sha.slice(0, 8)} to the branch`);
  if (unknown.length + unsaid.length > 0) throw failures.contractNotApproved(tenant, [...unknown, ...unsaid]);
  const movers = [...brought.values()].flatMap((by) => (by === 'unknown' ? [] : by));
  const hands = written.flatMap(({ author, committer }) => [author, committer]);
  const known = hands.flatMap((each) => (each === 'unknown' || each.id === WEB_FLOW ? [] : [each]));
  const askedBy = distinct([...known, ...movers, ...starters]);
  const asked = new Set(askedBy.map(({ id }) => id));
  const approvedBy = distinct(approvers).filter(({ id }) => !asked.has(id));
  if (approvedBy.length > 0) return { askedBy, approvedBy };
  const all = distinct(approvers).map(({ login }) => `${login} approved it and had a part in it`);
  throw failures.contractNotApproved(tenant, all.length > 0 ? all : ['nobody approved this run']);
}

function distinct(people: readonly Person[]): ContractRecord['askedBy'] {
  return [...new Map(people.map(({ id, login }) => [id, { id, login }])).values()];
}

interface Asked {
  readonly tenant: string;
  readonly file: string;
  /** The commit that has the contract in force. Absent where none is: every commit of the file counts. */
  readonly since: string | undefined;
  readonly environment: string;
}

/** Asks GitHub with the job's token about the commits that git names. */
export async function requestOf(
  { tenant, file, since, environment }: Asked,
  io: Io,
): Promise<ContractRequest> {
  const { env } = io;
  const said = (name: string) => {
    const value = env[name];
    if (!value) throw new UsageError(`--record is for a job of GitHub: there is no ${name}.`);
    return value;
  };
  const [repository, runId, sha] = [said('GITHUB_REPOSITORY'), said('GITHUB_RUN_ID'), said('GITHUB_SHA')];
  const branch = said('GITHUB_REF');
  const runAttempt = Number(said('GITHUB_RUN_ATTEMPT'));
  const client = await githubClient(said('GITHUB_API_URL'), said('GITHUB_TOKEN'), clockFrom(env));
  const [runs, history]: [WorkflowRuns, Commits] = [workflowRuns(client), commits(client)];
  const attempts = Array.from({ length: runAttempt }, (_, index) => index + 1);
  const { touched, range } = await historyOf(file, since, io);
  const [written, brought, approvals, ...started] = await Promise.all([
    Promise.all(touched.map((each) => history.commit(repository, each))),
    broughtBy({ commits: range, head: sha, since }, touched, history.updatesOf(repository, branch)),
    runs.approvalsOf(repository, runId),
    ...attempts.map((attempt) => runs.startersOf(repository, runId, attempt)),
  ]);
  const approvers = approvals
    .filter(({ state, environments }) => state === 'approved' && environments.includes(environment))
    .map(({ by }) => by);
  const starters = started.flatMap(({ actor, triggeringActor }) => [actor, triggeringActor]);
  const known = written.filter((each) => each !== 'absent');
  const all = known.length === written.length ? known : 'absent';
  const judged = judgeRequest({ tenant, commits: all, brought, starters, approvers });
  return { ...judged, run: { repository, runId, runAttempt, sha } };
}
