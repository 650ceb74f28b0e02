import type {
  DescribeRegionSettingsCommandOutput,
  UpdateRegionSettingsCommandInput,
} from '@aws-sdk/client-backup';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import type { World } from '../world/world.ts';

export const settingsOperations: Readonly<Record<string, Handler>> = {
  DescribeRegionSettings: (_, call): Output<DescribeRegionSettingsCommandOutput> => ({
    ResourceTypeOptInPreference: { ...kindsOf(call) },
    ResourceTypeManagementPreference: {},
  }),
  UpdateRegionSettings: updateRegionSettings,
};

/**
 * Which kinds AWS Backup backs up in a region, until somebody turns them on or off. AWS names the kinds and not which of them a
 * new account begins with, so here none does: a story has to turn on what it needs, as an administrator does.
 */
const KINDS = ['Aurora', 'CloudFormation', 'DynamoDB', 'EBS', 'EC2', 'EFS', 'FSx', 'RDS', 'Redshift', 'S3'];

interface Placed {
  readonly world: World;
  readonly account: string;
  readonly region: string;
}

export function kindsOf({ world, account, region }: Placed): Record<string, boolean> {
  return world.state<Record<string, boolean>>('backup-kinds', account, region, () =>
    Object.fromEntries(KINDS.map((kind) => [kind, false])),
  );
}

function updateRegionSettings(input: UpdateRegionSettingsCommandInput, call: Call): object {
  const asked = input.ResourceTypeOptInPreference ?? {};
  const unknown = Object.keys(asked).filter((kind) => !KINDS.includes(kind));
  if (unknown.length > 0)
    throw new AwsError('InvalidParameterValueException', `Unsupported resource type: ${unknown.join(', ')}`);
  Object.assign(kindsOf(call), asked);
  call.world.touched();
  return {};
}
