import { DAY, HOUR } from '@tenant-delivery/domain';
import type { RecoveryPoint, Replica } from '../ports.ts';

const COPY_TAKES = DAY; // AWS Backup promises no time; after a day somebody should look
const REPLICA_TAKES = HOUR; // S3 promises 15 minutes

interface Vaults {
  readonly backups: readonly RecoveryPoint[];
  readonly copies: readonly RecoveryPoint[];
  /** How long a copy is kept. */
  readonly keptDays: number;
  readonly now: number;
}

/**
 * Resources whose newest backup of the plan has no copy, a sentence each. A backup that is younger than a day is given its time.
 * What somebody backed up by hand is not copied, and of what was never backed up there is nothing to say.
 */
export function lackingCopies({ backups, copies, keptDays, now }: Vaults): readonly string[] {
  const due = backups.filter(
    ({ byPlan, status, createdAt }) =>
      byPlan && status === 'COMPLETED' && createdAt < now - COPY_TAKES && createdAt > now - keptDays * DAY,
  );
  const newest = new Map<string, number>();
  for (const { resource, createdAt } of due)
    newest.set(resource, Math.max(createdAt, newest.get(resource) ?? 0));
  return [...newest]
    .filter(
      ([resource, since]) =>
        !copies.some(
          (copy) =>
            copy.resource === resource &&
            copy.copied &&
            copy.status === 'COMPLETED' &&
            copy.createdAt >= since,
        ),
    )
    .map(([resource, since]) => `no copy of the backup of ${resource} of ${dateOf(since)} has arrived`);
}

/** Why an object of the record is not where the environment recovers; `undefined` while it is, or is on its way. */
export function lackingReplica(key: string, { status, writtenAt }: Replica, now: number): string | undefined {
  const written = `${key}, written ${dateOf(writtenAt)},`;
  if (status === undefined)
    return `${written} is not copied, because it was there before copies were set: S3 Batch Replication brings it`;
  if (status === 'PENDING')
    return now - writtenAt > REPLICA_TAKES ? `${written} still waits for its copy` : undefined;
  return status === 'FAILED' ? `S3 failed to copy ${key}, written ${dateOf(writtenAt)}` : undefined;
}

const dateOf = (at: number) => new Date(at).toISOString();
