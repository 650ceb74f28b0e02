import type { BackupRuleInput, BackupSelection } from '@aws-sdk/client-backup';
import type { World } from '../world/world.ts';

export type Tags = Readonly<Record<string, string>>;

export interface BackupVault {
  readonly name: string;
  readonly arn: string;
  readonly keyArn: string;
  readonly createdAt: number;
  tags: Tags;
  policy: string | undefined;
  lock: VaultLock | undefined;
  notifications?: { readonly topic: string; readonly events: readonly string[] } | undefined;
  /** What jobs, copies and seeds brought. */
  recoveryPoints: readonly RecoveryPoint[];
}

export interface VaultLock {
  readonly minimumDays: number | undefined;
  readonly maximumDays: number | undefined;
}

export interface RecoveryPoint {
  readonly arn: string;
  readonly resource: string;
  readonly createdAt: number;
  /** Absent in one that somebody asked for by hand. */
  readonly plan?: { readonly id: string; readonly arn: string };
  /** ARN of the vault that it was copied from. */
  readonly copiedFrom?: string;
}

export interface BackupPlan {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  name: string;
  version: string;
  rules: readonly BackupRuleInput[];
  tags: Tags;
  readonly selections: Record<string, Selection>;
}

export interface Selection {
  readonly id: string;
  readonly content: BackupSelection;
  readonly createdAt: number;
}

export interface BackupState {
  readonly vaults: Record<string, BackupVault>;
  readonly plans: Record<string, BackupPlan>;
}

/** A job somebody asked for. */
export interface BackupJob {
  readonly id: string;
  /** Of the request that began it. */
  readonly token: string | undefined;
  readonly vault: string;
  readonly resource: string;
  readonly role: string;
  readonly deleteAfterDays: number | undefined;
  readonly createdAt: number;
  state: 'CREATED' | 'RUNNING' | 'COMPLETED' | 'FAILED';
  percentDone: string;
  message: string | undefined;
  recoveryPoint: string | undefined;
  endedAt: number | undefined;
}

interface Placed {
  readonly world: World;
  readonly account: string;
  readonly region: string;
}

/** By id. */
export function jobsOf({ world, account, region }: Placed): Record<string, BackupJob> {
  return world.state<Record<string, BackupJob>>('backup-jobs', account, region, () => ({}));
}

export function backupOf(world: World, account: string, region: string): BackupState {
  return world.state<BackupState>('backup', account, region, () => ({ vaults: {}, plans: {} }));
}

/** A backup that a vault has. */
export function seedRecoveryPoint(
  world: World,
  account: string,
  region: string,
  { vault, resource }: { readonly vault: string; readonly resource: string },
): void {
  const found = backupOf(world, account, region).vaults[vault];
  if (!found) throw new Error(`no backup vault "${vault}"`);
  const number = found.recoveryPoints.length + 1;
  const arn = `arn:aws:backup:${region}:${account}:recovery-point:${vault}-${number}`;
  found.recoveryPoints = [...found.recoveryPoints, { arn, resource, createdAt: world.clock.now() }];
  world.touched();
}
