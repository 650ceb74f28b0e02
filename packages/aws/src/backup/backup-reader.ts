import type { Role } from '@tenant-delivery/domain';
import type { BackupReader } from '@tenant-delivery/provisioning/ports';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { backupClient } from './backup-client.ts';

/** What AWS Backup would do in the region of the session. */
export function backupReader(session: Pick<Session, 'clientConfig'>, role: Role): BackupReader {
  const backup = backupClient(session.clientConfig(role));
  return {
    hasVault: async (name) => {
      const sent = backup.send((sdk) => new sdk.DescribeBackupVaultCommand({ BackupVaultName: name }));
      // Of a vault that is not there AWS Backup may also say that the caller has no right to it, which stays a failure.
      const answer = await translated('backup:DescribeBackupVault', sent, ['ResourceNotFoundException']);
      return answer !== 'ResourceNotFoundException';
    },
    kinds: async () => {
      const sent = backup.send((sdk) => new sdk.DescribeRegionSettingsCommand({}));
      const { ResourceTypeOptInPreference } = await translated('backup:DescribeRegionSettings', sent);
      const settings = required(ResourceTypeOptInPreference, 'ResourceTypeOptInPreference');
      return Object.keys(settings).filter((kind) => settings[kind] === true);
    },
  };
}
