/** What we use of the client of AWS Backup. */
export {
  BackupClient,
  DescribeBackupJobCommand,
  DescribeBackupVaultCommand,
  DescribeRegionSettingsCommand,
  StartBackupJobCommand,
} from '@aws-sdk/client-backup';
