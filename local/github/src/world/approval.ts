import { waitingDeployment } from './deployment.ts';
import { admitsRef, type Environment, environmentOf } from './environment.ts';
import type { Job } from './job.ts';
import type { Run } from './run.ts';
import { type User, userNamed } from './user.ts';
import type { World } from './world.ts';

/** An entry of `GET runs/{id}/approvals`. As on GitHub it has no time, attempt or commit. */
export interface Approval {
  readonly state: 'approved' | 'rejected';
  readonly comment: string;
  readonly environments: readonly Environment[];
  readonly user: User;
}

/** A job that waits for a reviewer of its environment. */
export interface PendingReview {
  readonly job: Job;
  readonly environment: Environment;
  release(gate: Gate): void;
}

/** Whether a job may begin, as far as its environment is concerned. */
export type Gate =
  | { readonly kind: 'open'; readonly approval?: Approval }
  | { readonly kind: 'rejected'; readonly approval: Approval }
  /** The branch policy keeps the ref out; nobody was asked. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Asks the job's environment: its branch policy, then its reviewers. Aborting withdraws the request and throws the
 * signal's reason. An approval releases the jobs that wait at that moment; a later job asks again.
 */
export async function passEnvironment(world: World, job: Job, signal?: AbortSignal): Promise<Gate> {
  if (job.environment === undefined) return { kind: 'open' };
  const { run } = job;
  const environment = environmentOf(world, run.repository, job.environment);
  if (!admitsRef(run.repository, environment, run.ref)) {
    return { kind: 'refused', reason: refusal(run.ref, environment) };
  }
  if (environment.reviewers.length === 0) return { kind: 'open' };
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Gate>();
  const pending: PendingReview = { job, environment, release: resolve };
  const withdraw = () => {
    remove(run, pending);
    reject(signal?.reason);
  };
  run.pending.push(pending);
  if (job.deploys) job.deployment ??= waitingDeployment(world, job);
  job.status = 'waiting';
  run.status = 'waiting';
  run.updatedAt = world.clock.now();
  signal?.addEventListener('abort', withdraw, { once: true });
  return promise.finally(() => signal?.removeEventListener('abort', withdraw));
}

/** Why this user may not decide about the run's deployments to an environment; undefined when they may. */
export function objection(run: Run, environment: Environment, user: User): string | undefined {
  if (!environment.reviewers.some((reviewer) => reviewer.id === user.id)) {
    return `${user.login} is not a required reviewer of the environment ${environment.name}.`;
  }
  const own = run.triggeringActor.id === user.id || run.actor.id === user.id;
  return environment.preventSelfReview && own
    ? `${user.login} started this run, and the environment ${environment.name} prevents self-review.`
    : undefined;
}

/**
 * One decision about environments of a run: one entry in its approvals, and every job that waits for them is
 * released or ended.
 */
export function decide(run: Run, approval: Approval): readonly PendingReview[] {
  const decided = run.pending.filter(({ environment }) =>
    approval.environments.some(({ id }) => id === environment.id),
  );
  run.approvals.push(approval);
  for (const pending of decided) {
    remove(run, pending);
    pending.release({ kind: approval.state === 'approved' ? 'open' : 'rejected', approval });
  }
  return decided;
}

/** A decision about one environment, by login; throws with the reason when it isn't this user's to make. */
export function review(
  world: World,
  job: Job,
  {
    state,
    login,
    comment,
  }: { readonly state: Approval['state']; readonly login: string; readonly comment: string },
): void {
  const user = userNamed(world, login);
  const pending = job.run.pending.find((each) => each.job === job);
  if (!pending) throw new Error(`The job ${job.name} waits for no review.`);
  const reason = objection(job.run, pending.environment, user);
  if (reason !== undefined) throw new Error(reason);
  decide(job.run, { state, comment, environments: [pending.environment], user });
}

function remove(run: Run, pending: PendingReview): void {
  run.pending.splice(run.pending.indexOf(pending), 1);
  pending.job.status = 'queued';
  run.status = run.pending.length > 0 ? 'waiting' : 'in_progress';
}

function refusal(ref: string, environment: Environment): string {
  const kind = ref.startsWith('refs/tags/') ? 'Tag' : 'Branch';
  const name = ref.replace(/^refs\/(heads|tags)\//, '');
  return `${kind} "${name}" is not allowed to deploy to ${environment.name} due to environment protection rules.`;
}
