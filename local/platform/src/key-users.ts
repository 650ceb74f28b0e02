import { HOUR } from '@tenant-delivery/domain';
import type { LocalGithub } from '@tenant-delivery/local-github';
import { createJob, finishJob } from '@tenant-delivery/local-github/world/job';
import type { Repository } from '@tenant-delivery/local-github/world/repository';
import { createRun, finishRun, type Run } from '@tenant-delivery/local-github/world/run';

/** An access key as its user holds it. */
export interface HeldKey {
  readonly id: string;
  readonly secret: string;
}

/** One user of an access key. */
export interface KeyUser {
  readonly name: string;
  /** The workflow that proves the key of this user; a system that is no workflow has none. */
  readonly probe?: string;
  /** What it finds when it begins to work. */
  read(): Promise<HeldKey | undefined>;
  /** What is in one place of it, for the test that proves it. */
  at?(place: string): HeldKey | undefined;
}

export interface KeyUsersOptions {
  readonly github: LocalGithub;
  /** Whose workflows they are. */
  readonly repository: Repository;
  readonly sha: string;
  /** What may be said of a key, by its id. */
  readonly fingerprint: (id: string) => string;
  readonly now: () => number;
  /** Really uses a key at AWS; `false` when AWS does not know it. */
  readonly use: (key: HeldKey) => Promise<boolean>;
  /** Milliseconds between two beginnings of each. */
  readonly every: number;
}

/**
 * Users of one access key at work: each begins now and then, reads what it finds, and uses that at once and three hours
 * later. A user whose key does not work has an outage.
 */
export function keyUsers(
  users: readonly KeyUser[],
  { github, repository, sha, fingerprint, now, use, every }: KeyUsersOptions,
) {
  const { world } = github;
  const outages: string[] = [];
  const working: {
    readonly user: KeyUser;
    readonly run: Run;
    readonly key: HeldKey;
    readonly until: number;
  }[] = [];
  let nextAt = now();
  let used = 0;
  const useIt = async (user: KeyUser, key: HeldKey | undefined) => {
    used += 1;
    if (!key || !(await use(key))) outages.push(`${user.name} at ${new Date(now()).toISOString()}`);
  };
  const begin = async (user: KeyUser) => {
    const workflow = {
      repository: repository.fullName,
      path: '.github/workflows/ci.yml',
      ref: 'refs/heads/main',
      sha,
    };
    const run = createRun(world, repository, {
      workflow,
      event: 'schedule',
      ref: workflow.ref,
      sha,
      actor: repository.owner.login,
    });
    run.status = 'in_progress';
    const key = await user.read();
    await useIt(user, key);
    if (key) working.push({ user, run, key, until: now() + 3 * HOUR });
    else finishRun(world, run, 'failure');
  };
  const prove = async (run: Run) => {
    const user = users.find(({ probe }) => probe !== undefined && run.workflow.path.endsWith(`/${probe}`));
    const key = user?.at?.(String(run.inputs['slot']));
    const works = key !== undefined && (await use(key));
    const name = works ? `used-key ${fingerprint(key.id)}` : 'use';
    const job = createJob(world, run, { name, permissions: {}, workflow: run.workflow });
    finishJob(world, job, { conclusion: works ? 'success' : 'failure' });
    finishRun(world, run, works ? 'success' : 'failure');
  };
  return {
    outages,
    /** How often a key was used. */
    used: () => used,
    /** When somebody has something to do next. */
    next: () => Math.min(nextAt, ...working.map(({ until }) => until)),
    /** Does what is due by now. */
    async act(): Promise<void> {
      for (const { user, run, key } of working.filter(({ until }) => until <= now())) {
        await useIt(user, key);
        finishRun(world, run, 'success');
      }
      working.splice(0, working.length, ...working.filter(({ until }) => until > now()));
      if (nextAt > now()) return;
      nextAt = now() + every;
      for (const user of users) await begin(user);
    },
    /** Ends every run of a proving workflow that somebody has asked for. */
    async answer(): Promise<void> {
      const asked = repository.runs.filter(
        ({ event, conclusion }) => event === 'workflow_dispatch' && conclusion === null,
      );
      for (const run of asked) await prove(run);
    },
  };
}
