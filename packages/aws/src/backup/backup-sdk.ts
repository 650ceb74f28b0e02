/** What we use of the client of AWS Backup. */
export {
  BackupClient,
  DescribeBackupJobCommand,
  DescribeBackupVaultCommand,
  DescribeRegionSettingsCommand,
  paginateListRecoveryPointsByBackupVault,
  StartBackupJobCommand,
} from '@aws-sdk/client-backup';
