import type { Role } from '@tenant-delivery/domain';
import type { Backups } from '@tenant-delivery/provisioning/ports';
import { refusalOf } from '../errors/answered.ts';
import { failureOf, required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { backupClient } from './backup-client.ts';

/** Starts backups in the region of the session, and follows them. */
export function backupJobs(session: Pick<Session, 'clientConfig'>, role: Role): Backups {
  const backup = backupClient(session.clientConfig(role));
  return {
    start: async ({ resource, vault, role: acting, days, token }) => {
      const asked = {
        BackupVaultName: vault,
        ResourceArn: resource,
        IamRoleArn: acting,
        IdempotencyToken: token, // so the SDK may send it again
        Lifecycle: { DeleteAfterDays: days },
      };
      try {
        const { BackupJobId } = await backup.send((sdk) => new sdk.StartBackupJobCommand(asked));
        return { job: required(BackupJobId, 'BackupJobId') };
      } catch (cause) {
        const failure = failureOf('backup:StartBackupJob', cause);
        const refusal = refusalOf(cause);
        if (failure.code !== 'AWS_REFUSED' || refusal === 'unknown') throw failure;
        return refusal;
      }
    },
    job: async (id) => {
      const sent = backup.send((sdk) => new sdk.DescribeBackupJobCommand({ BackupJobId: id }));
      const job = await translated('backup:DescribeBackupJob', sent);
      return {
        state: required(job.State, 'State'),
        createdAt: required(job.CreationDate, 'CreationDate').getTime(),
        message: job.StatusMessage,
        category: job.MessageCategory,
        percentDone: job.PercentDone,
        recoveryPoint: job.RecoveryPointArn,
      };
    },
  };
}
