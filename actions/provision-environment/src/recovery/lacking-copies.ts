import { backupName } from '@tenant-delivery/provisioning/backup-names';
import { lackingCopies, lackingReplica } from '@tenant-delivery/provisioning/recovery/judge-copies';
import { contractKey, vaultBucket } from '@tenant-delivery/tenancy/derived-names';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import type { VerifyWorld } from '../ports.ts';
import { stackNames } from '../wanted-stacks.ts';

type LookingWorld = Pick<VerifyWorld, 'clock' | 'copies'>;

/** What should be copied by now and is not, of what a stack is there for. An alarm that nothing feeds stays silent; this looks. */
export async function lackingIn(
  world: LookingWorld,
  admission: StacksAdmission,
  stack: string,
): Promise<readonly string[]> {
  return stack === stackNames(admission).backups ? backupsOf(world, admission) : recordOf(world, admission);
}

async function backupsOf(
  { clock, copies }: LookingWorld,
  { contract, environment, target }: StacksAdmission,
): Promise<readonly string[]> {
  const { recovery, region } = environment;
  if (recovery === undefined) return [];
  const vault = backupName(contract, target.environment);
  const [backups, copied] = await Promise.all([
    copies.recoveryPoints(region, vault),
    copies.recoveryPoints(recovery.region, vault),
  ]);
  const absent = [...(backups ? [] : [region]), ...(copied ? [] : [recovery.region])];
  if (!backups || !copied) return absent.map((where) => `AWS Backup has no vault ${vault} in ${where}`);
  return lackingCopies({ backups, copies: copied, keptDays: recovery.copies.days, now: clock.now() });
}

/** The contract in force is in the bucket of every environment, so it stands for the rest of the record. */
async function recordOf(
  { clock, copies }: LookingWorld,
  { target }: StacksAdmission,
): Promise<readonly string[]> {
  const [bucket, key] = [vaultBucket(target), contractKey(target.environment)];
  const found = await copies.replica({ bucket, owner: target.account, key });
  if (found === undefined) return [`${bucket} has no ${key}`];
  return [lackingReplica(`${bucket}/${key}`, found, clock.now()) ?? []].flat();
}
