import type { BackupRuleInput, BackupSelection, CopyAction } from '@aws-sdk/client-backup';
import { describedOf } from '../cloudformation/described.ts';
import { tagsIn } from '../cloudformation/types/tags.ts';
import { matches } from '../policy/wildcard.ts';
import { bucketsOf } from '../s3/state.ts';
import type { Call } from '../world/service.ts';
import { beginJob } from './jobs.ts';
import { kindsOf } from './settings.ts';
import { type BackupPlan, backupOf, type RecoveryPoint } from './state.ts';

type Placed = Pick<Call, 'world' | 'account' | 'region'>;

const COPIED_AFTER = 60_000; // virtual milliseconds

/** Does what every plan of a region says, as when the schedules of its rules are due. */
export function runBackupPlans(place: Placed): void {
  for (const plan of Object.values(backupOf(place.world, place.account, place.region).plans))
    for (const { content } of Object.values(plan.selections))
      for (const resource of selected(content, place))
        for (const rule of plan.rules)
          backUp(resource, { plan, rule, role: content.IamRoleArn ?? '' }, place);
}

interface Work {
  readonly plan: BackupPlan;
  readonly rule: BackupRuleInput;
  readonly role: string;
}

function backUp(resource: string, { plan, rule, role }: Work, place: Placed): void {
  const { TargetBackupVaultName: vault = '', Lifecycle, CopyActions = [] } = rule;
  const deleteAfterDays = Lifecycle?.DeleteAfterDays;
  beginJob({ token: undefined, vault, resource, role, deleteAfterDays, plan }, place, (point) => {
    for (const action of CopyActions)
      place.world.clock.after(COPIED_AFTER, () => copy(point, vault, action, place));
  });
}

/** A vault that is not there, or whose lock wants its backups longer, takes no copy. */
function copy(
  point: RecoveryPoint,
  from: string,
  { DestinationBackupVaultArn, Lifecycle }: CopyAction,
  place: Placed,
) {
  const { world, account } = place;
  const [, , , region = '', , , name = ''] = (DestinationBackupVaultArn ?? '').split(':');
  const vault = backupOf(world, account, region).vaults[name];
  const days = Lifecycle?.DeleteAfterDays ?? Number.POSITIVE_INFINITY;
  if (!vault || days < (vault.lock?.minimumDays ?? 0)) return;
  const copied: RecoveryPoint = {
    ...point,
    arn: point.arn.replace(`:${place.region}:`, `:${region}:`),
    createdAt: world.clock.now(),
    copiedFrom: backupOf(world, account, place.region).vaults[from]?.arn ?? '',
  };
  vault.recoveryPoints = [...vault.recoveryPoints, copied];
  world.touched();
}

/** Of the kinds that AWS Backup knows, this AWS has buckets alone; none while nobody has turned that kind on. */
function selected({ ListOfTags = [], NotResources = [] }: BackupSelection, place: Placed): readonly string[] {
  const { world, account, region } = place;
  if (kindsOf(place)['S3'] !== true) return [];
  const described = describedOf(world, place, 'AWS::S3::Bucket');
  return Object.values(bucketsOf(world))
    .filter((bucket) => bucket.account === account && bucket.region === region)
    .filter(({ name }) => {
      const tags = tagsIn(described[name] ?? {}) ?? {};
      return ListOfTags.some(
        ({ ConditionKey = '', ConditionValue }) => tags[ConditionKey] === ConditionValue,
      );
    })
    .map(({ name }) => `arn:aws:s3:::${name}`)
    .filter((arn) => !NotResources.some((pattern) => matches(pattern, arn)));
}
