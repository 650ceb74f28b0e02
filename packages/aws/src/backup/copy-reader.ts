import type { RecoveryPointByBackupVault } from '@aws-sdk/client-backup';
import type { Role } from '@tenant-delivery/domain';
import type { CopyReader, RecoveryPoint } from '@tenant-delivery/provisioning/ports';
import { required, translated } from '../errors/translate.ts';
import { lazyClient } from '../session/lazy-client.ts';
import type { Session } from '../session/session.ts';
import { backupClient } from './backup-client.ts';

/** What AWS Backup and S3 say of copies: in the vaults of any region, and of objects in the region of the session. */
export function copyReader(session: Pick<Session, 'clientConfig'>, role: Role): CopyReader {
  const config = session.clientConfig(role);
  const s3 = lazyClient(
    () => import('../s3/s3-sdk.ts'),
    (sdk) => sdk.S3Client,
    config,
  );
  const pointsIn = async (region: string, vault: string): Promise<readonly RecoveryPoint[]> => {
    const found: RecoveryPoint[] = [];
    const pages = backupClient({ ...config, region }).pages((sdk, client) =>
      sdk.paginateListRecoveryPointsByBackupVault({ client }, { BackupVaultName: vault }),
    );
    for await (const { RecoveryPoints } of pages)
      found.push(...required(RecoveryPoints, 'RecoveryPoints').map(pointOf));
    return found;
  };
  return {
    recoveryPoints: async (region, vault) => {
      const action = 'backup:ListRecoveryPointsByBackupVault';
      const answer = await translated(action, pointsIn(region, vault), ['ResourceNotFoundException']);
      return answer === 'ResourceNotFoundException' ? undefined : answer;
    },
    replica: async ({ bucket, owner, key }) => {
      const asked = { Bucket: bucket, ExpectedBucketOwner: owner, Key: key };
      const sent = s3.send((sdk) => new sdk.HeadObjectCommand(asked));
      const answer = await translated('s3:GetObject', sent, ['NotFound']); // a HEAD has no body that could name it NoSuchKey
      if (answer === 'NotFound') return undefined;
      const { ReplicationStatus, LastModified } = answer;
      return {
        status: ReplicationStatus === 'COMPLETE' ? 'COMPLETED' : ReplicationStatus,
        writtenAt: required(LastModified, 'LastModified').getTime(),
      };
    },
  };
}

function pointOf({
  ResourceArn,
  Status,
  CreationDate,
  CreatedBy,
  SourceBackupVaultArn,
}: RecoveryPointByBackupVault) {
  return {
    resource: required(ResourceArn, 'ResourceArn'),
    status: required(Status, 'Status'),
    createdAt: required(CreationDate, 'CreationDate').getTime(),
    byPlan: CreatedBy?.BackupPlanId !== undefined,
    copied: SourceBackupVaultArn !== undefined,
  };
}
