import { alarmsOf } from '../../cloudwatch/alarms.ts';
import { cloudwatch } from '../../services/cloudwatch.ts';
import type { Making, ResourceType } from '../resource-type.ts';
import { text } from './values.ts';

/** Its properties are the members of PutMetricAlarm. */
const alarm: ResourceType = {
  type: 'AWS::CloudWatch::Alarm',
  create: async (_world, made) => {
    const name = text(made.properties, 'AlarmName') ?? made.newName(255);
    await put(made, name);
    return name;
  },
  update: (_world, id, made) => put(made, id),
  remove: async (_world, id, { perform }) => {
    await perform(cloudwatch, 'DeleteAlarms', { AlarmNames: [id] });
  },
  read: (world, id, { account, region, properties }) => {
    const found = alarmsOf(world, account, region)[id];
    return (
      found && {
        ...(properties['Tags'] !== undefined && { Tags: properties['Tags'] }),
        AlarmName: id,
        ...found.rule,
      }
    );
  },
  attributes: (world, id, { account, region }) => ({ Arn: alarmsOf(world, account, region)[id]?.arn }),
};

async function put({ properties, perform }: Making, AlarmName: string): Promise<void> {
  await perform(cloudwatch, 'PutMetricAlarm', { ...properties, AlarmName });
}

export const alarmTypes: readonly ResourceType[] = [alarm];
