import type {
  ListTagsCommandInput,
  ListTagsCommandOutput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from '@aws-sdk/client-backup';
import { jobOperations } from '../backup/jobs.ts';
import { planOperations } from '../backup/plans.ts';
import { planRules } from '../backup/rules/plans.ts';
import { vaultRules } from '../backup/rules/vaults.ts';
import { selectionOperations } from '../backup/selections.ts';
import { settingsOperations } from '../backup/settings.ts';
import { type BackupPlan, type BackupVault, backupOf } from '../backup/state.ts';
import { vaultOperations } from '../backup/vaults.ts';
import { AwsError, type Call, type Service } from '../world/service.ts';
import type { Output } from './output.ts';

export { runBackupPlans } from '../backup/run-plans.ts';

/** AWS Backup as far as vaults, plans, and jobs for buckets. A test says when the schedules of plans are due. */
export const backup: Service = {
  name: 'backup',
  sdk: '@aws-sdk/client-backup',
  operations: {
    ...planOperations,
    ...selectionOperations,
    ...vaultOperations,
    ...jobOperations,
    ...settingsOperations,
    TagResource: ({ ResourceArn, Tags = {} }: TagResourceCommandInput, call) => {
      const tagged = byArn(call, ResourceArn);
      tagged.tags = { ...tagged.tags, ...Tags };
      call.world.touched();
      return {};
    },
    UntagResource: ({ ResourceArn, TagKeyList = [] }: UntagResourceCommandInput, call) => {
      const tagged = byArn(call, ResourceArn);
      tagged.tags = Object.fromEntries(
        Object.entries(tagged.tags).filter(([key]) => !TagKeyList.includes(key)),
      );
      call.world.touched();
      return {};
    },
    ListTags: ({ ResourceArn }: ListTagsCommandInput, call): Output<ListTagsCommandOutput> => ({
      Tags: { ...byArn(call, ResourceArn).tags },
    }),
  },
  rules: [...planRules, ...vaultRules],
};

function byArn({ world, account, region }: Call, arn = ''): BackupVault | BackupPlan {
  const { vaults, plans } = backupOf(world, account, region);
  const found = [...Object.values(vaults), ...Object.values(plans)].find((one) => one.arn === arn);
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `${arn} does not exist`);
}
