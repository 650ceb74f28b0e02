import { showPullRequest } from '../api/show/pull-request.ts';
import { apiOf } from '../api/url.ts';
import { passEnvironment, review } from '../world/approval.ts';
import { environmentOf } from '../world/environment.ts';
import { createJob, finishJob, type Job, startJob } from '../world/job.ts';
import type { Repository } from '../world/repository.ts';
import { createRun, finishRun, isFromFork, type Run, rerun, runWithId } from '../world/run.ts';
import { ownedBy, readableIn } from '../world/secret-store.ts';
import type { World } from '../world/world.ts';
import type { Host, HostJob, HostRepository, HostRun, NewJob, NewRun } from './ports.ts';
import { mapping, toValue } from './value.ts';

/** The world as the runner needs it. */
export function hostOf(world: World): Host {
  return {
    serverUrl: world.url,
    apiUrl: apiOf(world),
    now: () => world.clock.now(),
    user: (login) => world.users.get(login.toLowerCase()),
    repository: (fullName) => repositoryOf(world, fullName),
    pullRequest: (fullName, number) => {
      const pulls = world.repositories.get(fullName.toLowerCase())?.pulls;
      const pull = pulls?.find((each) => each.number === number);
      return pull && mapping(toValue(showPullRequest(world, pull)));
    },
    startRun: (run) => runOf(world, newRun(world, run)),
    askedRun: (runId) => {
      const run = runWithId(world, runId);
      if (!run) throw new Error(`There is no run ${runId}.`);
      return runOf(world, run);
    },
    commitOf: (repository, runId) => {
      const run = runWithId(world, runId);
      return run?.repository.fullName.toLowerCase() === repository.toLowerCase() ? run.sha : undefined;
    },
    rerun: (runId, triggeringActor) => {
      const run = runWithId(world, runId);
      if (!run) throw new Error(`There is no run ${runId}.`);
      rerun(world, run, triggeringActor);
      return runOf(world, run);
    },
  };
}

function repositoryOf(world: World, fullName: string): HostRepository | undefined {
  const repository = world.repositories.get(fullName.toLowerCase());
  return (
    repository && {
      fullName: repository.fullName,
      id: repository.id,
      owner: repository.owner.login,
      ownerId: repository.owner.id,
      defaultBranch: repository.defaultBranch,
      visibility: repository.visibility,
      isProtected: (branch) => repository.protectedBranches.has(branch),
      kept: (of, environment) => keptIn(world, repository, of, environment),
      path: repository.path,
    }
  );
}

function keptIn(
  world: World,
  repository: Repository,
  of: 'secrets' | 'variables',
  named: string | undefined,
): Readonly<Record<string, string>> {
  if (named === undefined) return readableIn(world, repository, of);
  const environment = repository.environments.get(named.toLowerCase());
  return environment ? ownedBy(world, { kind: 'environment', repository, environment }, of) : {};
}

function newRun(world: World, { workflow, pull: number, ...given }: NewRun): Run {
  const repository = world.repositories.get(workflow.repository.toLowerCase());
  if (!repository) throw new Error(`There is no repository ${workflow.repository}.`);
  const pull = repository.pulls.find((each) => each.number === number);
  return createRun(world, repository, { ...given, workflow, ...(pull ? { pull } : {}) });
}

function runOf(world: World, run: Run): HostRun {
  return {
    id: run.id,
    number: run.number,
    attempt: run.attempt,
    actor: run.actor.login,
    fromFork: isFromFork(run),
    cancelled: run.cancellation.signal,
    queueJob: (job) => jobOf(world, run, job),
    finish: (conclusion) => finishRun(world, run, conclusion),
  };
}

function jobOf(world: World, run: Run, given: NewJob): HostJob {
  const job = createJob(world, run, given);
  return {
    id: job.id,
    permissions: Object.fromEntries(Object.entries(job.permissions)),
    passEnvironment: async (onWaiting, signal) => {
      const passed = passEnvironment(world, job, signal);
      if (job.status === 'waiting') onWaiting(reviewersOf(world, job));
      const gate = await passed;
      if (gate.kind !== 'rejected') return gate;
      return { kind: 'rejected', by: gate.approval.user.login, comment: gate.approval.comment };
    },
    review: (decision) => review(world, job, decision),
    start: () => startJob(world, job),
    showSteps: (steps) => {
      job.steps = steps;
    },
    finish: (end) => finishJob(world, job, end),
  };
}

function reviewersOf(world: World, job: Job): readonly string[] {
  const { reviewers } = environmentOf(world, job.run.repository, job.environment ?? '');
  return reviewers.map(({ login }) => login);
}
