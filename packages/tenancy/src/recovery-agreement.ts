import { matching, whole } from '@tenant-delivery/action-kit/schema';
import { REGION } from '@tenant-delivery/domain';
import * as v from 'valibot';

/** Six fields; the first two are minute and hour in UTC ("CreateBackupPlan", AWS Backup API reference). */
const SCHEDULE = /^cron\(\S+ \S+ \S+ \S+ \S+ \S+\)$/;

const days = whole(1, 36_500);

/** What is kept in another region, so that the environment can be recovered there. */
export const RecoveryAgreement = v.strictObject({
  region: matching(REGION, 'an AWS region such as eu-central-1'),
  /** When everything that carries the environment's tag is backed up, in UTC, and how long a backup is kept. */
  backup: v.strictObject({ schedule: matching(SCHEDULE, 'a schedule such as cron(0 3 * * ? *)'), days }),
  /** How long the copies in the other region are kept; nobody can delete one before. */
  copies: v.strictObject({ days }),
  /** Who is told by mail when a backup, a copy or the replica of the vault fails or falls behind. */
  notify: v.pipe(
    v.array(matching(/^[^@\s]{1,64}@[^@\s]{1,255}$/, 'a mail address')),
    v.minLength(1, 'names nobody'),
  ),
});
export type RecoveryAgreement = v.InferOutput<typeof RecoveryAgreement>;
