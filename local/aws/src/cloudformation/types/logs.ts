import { logStore } from '../../logs/state.ts';
import { logs } from '../../services/logs.ts';
import type { Making, ResourceType } from '../resource-type.ts';
import { tagList, tagsIn } from './tags.ts';

const logGroup: ResourceType = {
  type: 'AWS::Logs::LogGroup',
  create: async (_world, made) => {
    const name = nameOf(made);
    const tags = tagsIn(made.properties);
    await made.perform(logs, 'CreateLogGroup', { logGroupName: name, ...(tags && { tags }) });
    try {
      await setRetention(made, name);
    } catch (refused) {
      await made.perform(logs, 'DeleteLogGroup', { logGroupName: name });
      throw refused;
    }
    return name;
  },
  update: (_world, id, made) => setRetention(made, id),
  remove: async (_world, id, made) => {
    await made.perform(logs, 'DeleteLogGroup', { logGroupName: id });
  },
  read: (world, id, { account, region }) => {
    const group = logStore(world, account, region).groups[id];
    return (
      group && {
        LogGroupName: group.name,
        ...(group.retentionInDays !== undefined && { RetentionInDays: group.retentionInDays }),
        ...(group.tags && { Tags: tagList(group.tags) }),
      }
    );
  },
  attributes: (_world, id, { account, region, partition }) => ({
    Arn: `arn:${partition}:logs:${region}:${account}:log-group:${id}:*`,
  }),
};

function nameOf({ properties, newName }: Making): string {
  return typeof properties['LogGroupName'] === 'string' ? properties['LogGroupName'] : newName(512);
}

async function setRetention({ properties, perform }: Making, logGroupName: string): Promise<void> {
  const { RetentionInDays: retentionInDays } = properties;
  if (retentionInDays === undefined) await perform(logs, 'DeleteRetentionPolicy', { logGroupName });
  else await perform(logs, 'PutRetentionPolicy', { logGroupName, retentionInDays });
}

export const logTypes: readonly ResourceType[] = [logGroup];
