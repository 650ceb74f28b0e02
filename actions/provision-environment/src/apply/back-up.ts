import { DAY } from '@tenant-delivery/domain';
import { changeSetName } from '@tenant-delivery/provisioning/plan/judge-state';
import type { PlannedBackup } from '@tenant-delivery/provisioning/plan/plan';
import type { BackupJob } from '@tenant-delivery/provisioning/ports';
import type { ApplyWorld } from '../ports.ts';
import type { Applying } from './applying.ts';
import { assertMaySend, wasSent } from './may-send.ts';

const POLL = 15_000; // milliseconds between two looks at a job
const RUNS = /^(CREATED|PENDING|RUNNING|ABORTING)$/;

/** A backup of the agreed schedule is seldom older, so an older one is no reason to take anything away. */
const OLDEST = DAY;

/** What became of one backup of the plan. */
export interface BackupResult {
  readonly resource: string;
  readonly vault: string;
  /** `failed`: also one that AWS Backup calls complete and that lacks something. `timed-out` and `cancelled`: AWS Backup goes on. */
  readonly result: 'complete' | 'failed' | 'timed-out' | 'cancelled';
  /** AWS Backup's word; `REFUSED` where it took no job. */
  readonly state: string;
  readonly job: string | null;
  /** ARN of the backup. */
  readonly recoveryPoint: string | null;
  readonly reason: string | null;
}

const isBackedUp = ({ result }: BackupResult): boolean => result === 'complete';

/** The backups of a plan, and whether anything may be taken away after them. */
export interface BackedUp {
  readonly backups: readonly BackupResult[];
  readonly goesOn: boolean;
}

/**
 * Backs up what the plan names, before anything is taken away. A later attempt asks with the same tokens, and so finds the jobs
 * of those before (assumes backup-token-lasts). If one of them began to take a stack away, the backups were complete, and the stack
 * is followed to its end.
 */
export async function backUp(world: ApplyWorld, applying: Applying): Promise<BackedUp> {
  const { backups = [], stacks } = applying.plan;
  const sent = await Promise.all(stacks.map((stack) => wasSent(world, applying, stack)));
  const isBegun = sent.some(Boolean);
  if (!isBegun) assertMaySend(world, applying);
  const results: BackupResult[] = [];
  const asks = isBegun ? 1 : world.claims.runAttempt;
  for (const [at, planned] of backups.entries()) {
    const tokens = tokensOf(`${changeSetName(applying.change.id)}-${at + 1}`, asks);
    results.push(await backUpOne(world, applying, planned, tokens));
  }
  return { backups: results, goesOn: isBegun || results.every(isBackedUp) };
}

type Tokens = readonly [first: string, ...later: string[]];

/** One token for each attempt so far, so that backups which fail at once are not asked for without end. */
function tokensOf(first: string, attempts: number): Tokens {
  return [first, ...Array.from({ length: attempts - 1 }, (_, at) => `${first}-again-${at + 1}`)];
}

async function backUpOne(
  world: ApplyWorld,
  applying: Applying,
  planned: PlannedBackup,
  tokens: Tokens,
): Promise<BackupResult> {
  const { resource, vault } = planned;
  const started = await startOrFind(world, applying, planned, tokens);
  if ('refused' in started)
    return {
      ...{ resource, vault, result: 'failed', state: 'REFUSED', job: null, recoveryPoint: null },
      reason: started.refused,
    };
  const { result, job } = await follow(world, applying, resource, started.job);
  return {
    ...{ resource, vault, result, state: job.state, job: started.job },
    recoveryPoint: job.recoveryPoint ?? null,
    reason: result === 'failed' ? (job.message ?? 'AWS Backup gives no reason') : null,
  };
}

/** The newest job of this change; a new one if there is none, or if that one is no good. */
async function startOrFind(
  world: ApplyWorld,
  applying: Applying,
  planned: PlannedBackup,
  [token, next, ...later]: Tokens,
): ReturnType<ApplyWorld['backups']['start']> {
  const { backups, clock, runner } = world;
  await applying.hold();
  const started = await backups.start({ ...planned, token });
  if ('refused' in started || next === undefined) return started;
  const why = whyNoGood(await backups.job(started.job), clock.now());
  if (why === undefined) return started;
  runner.info(`The backup ${started.job} ${why}: AWS Backup is asked for a new one`);
  return startOrFind(world, applying, planned, [next, ...later]);
}

/** A job that runs is followed, however old it is: a new one would have to copy as much. */
function whyNoGood(job: BackupJob, now: number): string | undefined {
  if (RUNS.test(job.state)) return undefined;
  if (job.state !== 'COMPLETED') return `is ${job.state}`;
  if (!isWhole(job)) return 'lacks something';
  return now - job.createdAt > OLDEST ? 'is older than a day' : undefined;
}

async function follow(
  { runner, clock, backups }: ApplyWorld,
  { hold, deadline }: Applying,
  resource: string,
  id: string,
): Promise<{ readonly result: BackupResult['result']; readonly job: BackupJob }> {
  let told = '';
  for (;;) {
    const job = await backups.job(id);
    const line = `Backup of ${resource}: ${job.state}${job.percentDone === undefined ? '' : `, ${job.percentDone} %`}`;
    if (line !== told) runner.info(line);
    told = line;
    if (!RUNS.test(job.state)) return { result: isWhole(job) ? 'complete' : 'failed', job };
    if (runner.cancelled.aborted) return { result: 'cancelled', job };
    if (clock.now() >= deadline) return { result: 'timed-out', job };
    await hold();
    await clock.sleep(POLL, runner.cancelled);
  }
}

/** A job that is complete "with issues" has another category than success ("DescribeBackupJob", State). */
function isWhole({ state, category = 'SUCCESS', recoveryPoint }: BackupJob): boolean {
  return state === 'COMPLETED' && category === 'SUCCESS' && recoveryPoint !== undefined;
}
