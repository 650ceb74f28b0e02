import { code, escapeMarkdown, table } from '@tenant-delivery/action-kit/markdown';
import type { PlannedBackup, StackPlan } from '@tenant-delivery/provisioning/plan/plan';
import type { BackupResult } from '../apply/back-up.ts';

/** Said to who approves a withdrawal, and to who reads how it ended. */
const KEPT =
  'What has data stays in the account as it is. AWS Backup cannot copy images of ECR, secrets, keys, logs or addresses, so no copy of them is made.';

/** What a withdrawal backs up first, before and after it was done. */
export function backupSection(
  { backups = [] }: Pick<StackPlan, 'backups'>,
  results: readonly BackupResult[] = [],
): readonly string[] {
  if (backups.length === 0) return [`**Backed up first:** nothing. ${KEPT}`];
  return [
    `**Backed up first:** if a backup fails, nothing is taken away. ${KEPT}`,
    table(
      ['resource', 'backup vault', 'kept for', 'backup'],
      backups.map((backup) => rowOf(backup, results)),
    ),
  ];
}

function rowOf(
  { resource, vault, days }: PlannedBackup,
  results: readonly BackupResult[],
): readonly string[] {
  const found = results.find((result) => result.resource === resource);
  const became = found?.recoveryPoint
    ? code(found.recoveryPoint)
    : escapeMarkdown(found ? [found.state, found.reason].filter(Boolean).join(': ') : 'not begun');
  return [code(resource), code(vault), `${days} days`, became];
}
