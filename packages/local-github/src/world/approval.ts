import { admitsRef, type Environment, environmentOf } from './environment.ts';
import type { Job } from './job.ts';
import type { Run } from './run.ts';
import type { User } from './user.ts';
import type { World } from './world.ts';

/** An entry of `GET runs/{id}/approvals`. As on GitHub it has no time, attempt or commit. */
export interface Approval {
  readonly state: 'approved' | 'rejected';
  readonly comment: string;
  readonly environments: readonly Environment[];
  readonly user: User;
}

/** Jobs of a run that wait for a reviewer of one environment. One decision releases them all. */
export interface PendingDeployment {
  readonly environment: Environment;
  readonly jobs: Job[];
  readonly decided: Promise<Gate>;
  decide(approval: Approval): void;
}

/** Whether a job may begin, as far as its environment is concerned. */
export type Gate =
  | { readonly kind: 'open'; readonly approval?: Approval }
  | { readonly kind: 'rejected'; readonly approval: Approval }
  /** The branch policy keeps the ref out; nobody is asked. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Asks the job's environment and waits for its reviewers if it has any. The caller gives up by itself when the run
 * is cancelled (`run.cancellation.signal`).
 */
export async function passEnvironment(world: World, job: Job): Promise<Gate> {
  if (job.environment === undefined) return { kind: 'open' };
  const { run } = job;
  const environment = environmentOf(world, run.repository, job.environment);
  if (!admitsRef(run.repository, environment, run.ref)) {
    const branch = run.ref.replace(/^refs\/(heads|tags)\//, '');
    const kind = run.ref.startsWith('refs/tags/') ? 'Tag' : 'Branch';
    const reason = `${kind} "${branch}" is not allowed to deploy to ${environment.name} due to environment protection rules.`;
    return { kind: 'refused', reason };
  }
  if (environment.reviewers.length === 0) return { kind: 'open' };
  const pending = pendingFor(run, environment);
  pending.jobs.push(job);
  job.status = 'waiting';
  run.status = 'waiting';
  run.updatedAt = world.clock.now();
  return pending.decided;
}

export function canApprove(run: Run, environment: Environment, user: User): boolean {
  const isReviewer = environment.reviewers.some((reviewer) => reviewer.id === user.id);
  const isOwn = run.triggeringActor.id === user.id || run.actor.id === user.id;
  return isReviewer && !(environment.preventSelfReview && isOwn);
}

/** Records the decision and releases (or ends) the jobs that wait. */
export function decide(
  run: Run,
  pending: PendingDeployment,
  { state, comment, user }: Pick<Approval, 'state' | 'comment' | 'user'>,
): Approval {
  const approval: Approval = { state, comment, environments: [pending.environment], user };
  run.approvals.push(approval);
  run.pending.splice(run.pending.indexOf(pending), 1);
  for (const job of pending.jobs) job.status = 'queued';
  run.status = run.pending.length > 0 ? 'waiting' : 'in_progress';
  pending.decide(approval);
  return approval;
}

function pendingFor(run: Run, environment: Environment): PendingDeployment {
  const known = run.pending.find((each) => each.environment.id === environment.id);
  if (known) return known;
  const { promise, resolve } = Promise.withResolvers<Gate>();
  const pending: PendingDeployment = {
    environment,
    jobs: [],
    decided: promise,
    decide: (approval) =>
      resolve(approval.state === 'approved' ? { kind: 'open', approval } : { kind: 'rejected', approval }),
  };
  run.pending.push(pending);
  return pending;
}
