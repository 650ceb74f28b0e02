import type {
  CreateLogGroupCommandInput,
  DeleteLogGroupCommandInput,
  DeleteRetentionPolicyCommandInput,
  PutRetentionPolicyCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { type LogGroup, logStore } from './state.ts';

/** Making, changing and deleting log groups. */
export const groupOperations: Readonly<Record<string, Handler>> = {
  CreateLogGroup: ({ logGroupName = '', tags }: CreateLogGroupCommandInput, call: Call) => {
    const { world, account, region } = call;
    const { groups } = logStore(world, account, region);
    if (groups[logGroupName])
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    const createdAt = Math.round(world.clock.now());
    groups[logGroupName] = { name: logGroupName, createdAt, streams: {}, ...(tags && { tags }) };
    world.touched();
    return {};
  },
  DeleteLogGroup: ({ logGroupName = '' }: DeleteLogGroupCommandInput, call: Call) => {
    const { world, account, region } = call;
    found(call, logGroupName);
    delete logStore(world, account, region).groups[logGroupName];
    world.touched();
    return {};
  },
  PutRetentionPolicy: ({ logGroupName = '', retentionInDays }: PutRetentionPolicyCommandInput, call) =>
    edit(call, logGroupName, { retentionInDays }),
  DeleteRetentionPolicy: ({ logGroupName = '' }: DeleteRetentionPolicyCommandInput, call) =>
    edit(call, logGroupName, { retentionInDays: undefined }),
};

function edit(call: Call, name: string, change: Partial<LogGroup>): object {
  const { world, account, region } = call;
  logStore(world, account, region).groups[name] = { ...found(call, name), ...change };
  world.touched();
  return {};
}

function found({ world, account, region }: Call, name: string): LogGroup {
  const group = logStore(world, account, region).groups[name];
  if (group) return group;
  throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
}
