import type { ReportedCause } from '@tenant-delivery/deployment/follow/deployment-report';
import { patiently } from '@tenant-delivery/deployment/follow/patience';
import { unlessCancelled } from '@tenant-delivery/deployment/follow/unless-cancelled';
import type { Task, TaskContainer } from '@tenant-delivery/deployment/observed';
import type { HeldLock, TaskRunner } from '@tenant-delivery/deployment/ports';
import { containerNamed, logStreamOf } from '@tenant-delivery/deployment/task-definition/task-definition';
import type { DeployPorts } from '../deploy-world.ts';
import type { Deployment } from '../plan/deployment.ts';
import type { Migration } from '../request/service-request.ts';

const EVERY = 5_000; // milliseconds between two looks
const RENEW_EVERY = 60_000; // of the lock's lease
const BLIND = 3 * 60_000; // how long nothing may be seen
const APPEARS = 60_000; // how long ECS may not know a task that it has just started
const GRACE = 3_000; // how long a cancelled run waits for an answer
const LINES = 20; // of the log that the report keeps
const LONGEST = 500; // characters of one line
const PAGES = 20; // of log lines that are read at once

type MigrationPorts = Pick<DeployPorts, 'runner' | 'clock' | 'logs'>;

interface MigrationOptions {
  readonly tasks: TaskRunner;
  readonly lock: HeldLock;
  readonly migration: MigrationRun;
}

/** A migration that is to be run, and how it is known again. */
export interface MigrationRun {
  readonly migration: Migration;
  /**
   * Keys by which ECS starts a task once. The next is taken only for a task that had failed before this run began; where
   * a failure ends the change there is one key.
   */
  readonly keys: readonly [string, ...string[]];
  readonly startedBy: string;
}

export type MigrationResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'migration-failed'; readonly why: string; readonly cause: ReportedCause | undefined }
  | { readonly kind: 'migration-cancelled'; readonly why: string };

/**
 * Runs one task of the new revision to its end, where the service's own tasks run, and shows what it writes. The named
 * container's exit code decides. On a cancel or at the end of its time the task is stopped.
 */
export async function migrate(
  ports: MigrationPorts,
  { tasks, lock, migration: run }: MigrationOptions,
  { service, wanted }: Deployment,
  revision: string,
): Promise<MigrationResult> {
  const { migration, keys, startedBy } = run;
  const began = ports.clock.now();
  const deadline = began + migration.minutes * 60_000;
  for (const [at, key] of keys.entries()) {
    const task = { key, taskDefinition: revision, service: service.document, startedBy, ...migration };
    const started = await start(ports, () => tasks.run(task), deadline);
    if ('kind' in started) return started;
    const earlier =
      started.stoppedAt !== undefined && started.stoppedAt < began && !isDone(started, migration);
    if (earlier && at < keys.length - 1) continue;
    ports.runner.info(`The migration runs as ${started.arn}`);
    return await toItsEnd({ ports, tasks, lock, wanted, migration, deadline }, started);
  }
  throw new TypeError('the last key is always followed');
}

interface Running {
  readonly ports: MigrationPorts;
  readonly tasks: TaskRunner;
  readonly lock: HeldLock;
  readonly wanted: Deployment['wanted'];
  readonly migration: Migration;
  readonly deadline: number;
}

/** Where there is no room now there may be some later; an answer that was lost is asked for again by the same key. */
async function start(
  { clock, runner }: Pick<MigrationPorts, 'runner' | 'clock'>,
  run: () => ReturnType<TaskRunner['run']>,
  deadline: number,
): Promise<Task | Exclude<MigrationResult, { kind: 'done' }>> {
  let said = '';
  for (;;) {
    if (runner.cancelled.aborted) return cancelledBefore();
    const answer = await run();
    if (answer !== 'unknown' && 'arn' in answer) return answer;
    const why = answer === 'unknown' ? 'no answer of ECS could be read' : answer.refused;
    if (clock.now() >= deadline) {
      return {
        kind: 'migration-failed',
        why: `the migration could not be started: ${why}`,
        cause: undefined,
      };
    }
    if (why !== said) runner.info(`The migration is not started yet: ${why.replace(/[\r\n]/g, ' ')}`);
    said = why;
    await clock.sleep(EVERY, runner.cancelled);
  }
}

function cancelledBefore(): MigrationResult & { readonly kind: 'migration-cancelled' } {
  return { kind: 'migration-cancelled', why: 'the run was cancelled before the migration was started' };
}

async function toItsEnd(running: Running, started: Task): Promise<MigrationResult> {
  const { ports, tasks, lock, migration, deadline } = running;
  const { clock, runner } = ports;
  const log = follower(running, started.arn);
  const patience = { clock, signal: runner.cancelled, limit: BLIND, say: runner.info };
  const began = clock.now();
  let renewAt = began + RENEW_EVERY;
  let last = started;
  for (;;) {
    if (runner.cancelled.aborted) return cancelled(running, last);
    const seen = await unlessCancelled(
      patiently(() => tasks.task(last.arn), patience),
      runner.cancelled,
    );
    if (seen === 'cancelled') return cancelled(running, last);
    last = seen ?? last;
    await log.read();
    const container = named(last, migration);
    const over = last.lastStatus === 'STOPPED' || container?.exitCode !== undefined;
    if (over) {
      // ECS ends a task with its essential container; beside another one the rest would go on.
      const ends = containerNamed(running.wanted.document, migration.container)?.['essential'] !== false;
      if (last.lastStatus !== 'STOPPED' && !ends) await tasks.stop(last.arn, 'the migration has ended');
      await log.read();
      return isDone(last, migration)
        ? done(ports, last)
        : failed(migration, last, log.tail(), whyFailed(last, migration));
    }
    if (!seen && clock.now() >= began + APPEARS) {
      return failed(
        migration,
        last,
        log.tail(),
        'ECS does not know its task any more, so nobody knows how it ended',
      );
    }
    if (clock.now() >= deadline) {
      await tasks.stop(last.arn, 'the migration did not end in time');
      return failed(
        migration,
        last,
        log.tail(),
        `it did not end in ${migration.minutes} minutes and was stopped`,
      );
    }
    if (clock.now() >= renewAt) {
      await lock.assertHeld();
      renewAt = clock.now() + RENEW_EVERY;
    }
    await clock.sleep(EVERY, runner.cancelled);
  }
}

function done({ runner }: Pick<MigrationPorts, 'runner'>, { arn }: Task): MigrationResult {
  runner.info(`The migration ended well (${arn})`);
  return { kind: 'done' };
}

/** A cancelled job has seconds: one request goes out, and its answer is waited for a moment. */
async function cancelled({ ports, tasks }: Running, { arn }: Task): Promise<MigrationResult> {
  const asking = tasks.stop(arn, 'the run was cancelled').then(
    () => 'its task was stopped',
    (thrown: unknown) =>
      `its task could not be stopped: ${thrown instanceof Error ? thrown.message : thrown}`,
  );
  const late = ports.clock.sleep(GRACE).then(() => 'ECS was asked to stop its task and has not answered yet');
  const how = await Promise.race([asking, late]);
  const why = `the run was cancelled while the migration ran; ${how} (${arn}); the service was not updated`;
  ports.runner.warning(why);
  return { kind: 'migration-cancelled', why };
}

/** Prints what the container writes, as it comes. Others' words. That it cannot be read is said once and decides nothing. */
function follower({ ports, wanted, migration }: Running, task: string) {
  const { logs, runner } = ports;
  const place = logStreamOf(wanted.document, migration.container, task);
  let token: string | undefined;
  let unread = place === undefined;
  const kept: string[] = [];
  return {
    read: async (): Promise<void> => {
      for (let pages = 0; place && !unread && pages < PAGES && !runner.cancelled.aborted; pages += 1) {
        const page = await logs.after(place.group, place.stream, token).catch((thrown: unknown) => {
          unread = true;
          runner.warning(
            `The migration's log cannot be read: ${thrown instanceof Error ? thrown.message : thrown}`,
          );
          return undefined;
        });
        if (!page) return;
        runner.verbatim(page.lines.map((line) => `  ${line.replace(/[\r\n]/g, ' ')}`));
        kept.push(...page.lines);
        kept.splice(0, Math.max(0, kept.length - LINES));
        if (page.lines.length === 0 || page.token === token) return;
        token = page.token;
      }
    },
    tail: (): readonly string[] => kept.map((line) => line.slice(0, LONGEST)),
  };
}

function named({ containers }: Task, { container }: Migration): TaskContainer | undefined {
  return containers.find(({ name }) => name === container);
}

function isDone(task: Task, migration: Migration): boolean {
  return named(task, migration)?.exitCode === 0;
}

function whyFailed(task: Task, migration: Migration): string {
  const exitCode = named(task, migration)?.exitCode;
  return exitCode === undefined
    ? `${migration.container} did not run (${task.stoppedReason ?? task.stopCode ?? 'ECS gave no reason'})`
    : `${migration.container} ended with exit code ${exitCode}`;
}

function failed(migration: Migration, task: Task, log: readonly string[], why: string): MigrationResult {
  const container = named(task, migration);
  return {
    kind: 'migration-failed',
    why: `the migration failed: ${why.replace(/[\r\n]+/g, ' ')}; the service was not updated`,
    cause: {
      class: 'migration',
      certainty: 'certain',
      count: 1,
      task: task.arn,
      stopCode: task.stopCode ?? null,
      stoppedReason: task.stoppedReason ?? null,
      container: migration.container,
      exitCode: container?.exitCode ?? null,
      containerReason: container?.reason ?? null,
      advice: "Read the migration's log, fix it, and deploy again. The service runs what it ran before.",
      log: [...log],
    },
  };
}
