import type {
  CreateLogGroupCommandInput,
  DeleteLogGroupCommandInput,
  DeleteRetentionPolicyCommandInput,
  PutRetentionPolicyCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { type LogGroup, logStore } from './state.ts';

/** "PutRetentionPolicy", CloudWatch Logs API reference. */
const DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Making, changing and deleting log groups. */
export const groupOperations: Readonly<Record<string, Handler>> = {
  CreateLogGroup: ({ logGroupName = '', tags, ...others }: CreateLogGroupCommandInput, call: Call) => {
    const { world, account, region } = call;
    const { groups } = logStore(world, account, region);
    const unsupported = Object.keys(others);
    if (unsupported.length > 0) throw invalid(`local-aws does not support: ${unsupported.join(', ')}.`);
    if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(logGroupName))
      throw invalid(`Invalid log group name: ${logGroupName}`);
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
  PutRetentionPolicy: ({ logGroupName = '', retentionInDays }: PutRetentionPolicyCommandInput, call) => {
    if (retentionInDays === undefined || !DAYS.includes(retentionInDays))
      throw invalid(`1 validation error detected: Value '${retentionInDays}' at 'retentionInDays'`);
    return edit(call, logGroupName, { retentionInDays });
  },
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

const invalid = (message: string) => new AwsError('InvalidParameterException', message);
