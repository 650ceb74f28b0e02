import type {
  DescribeLogGroupsCommandInput,
  DescribeLogGroupsCommandOutput,
  GetLogEventsCommandInput,
  GetLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { groupOperations } from '../logs/group-operations.ts';
import { logRules } from '../logs/rules.ts';
import { type LogGroup, logStore } from '../logs/state.ts';
import { pageOf } from '../world/page.ts';
import { AwsError, type Call, type Service } from '../world/service.ts';
import type { World } from '../world/world.ts';
import type { Output } from './output.ts';

/** Amazon CloudWatch Logs, as far as the log lines of tasks go. */
export const logs: Service = {
  name: 'logs',
  sdk: '@aws-sdk/client-cloudwatch-logs',
  operations: { DescribeLogGroups: describeLogGroups, GetLogEvents: getLogEvents, ...groupOperations },
  rules: logRules,
};

/** What other services do with log groups. */
export interface Logs {
  hasGroup(name: string): boolean;
  /** Makes the stream; answers false where its group does not exist. */
  openStream(group: string, stream: string): boolean;
  put(group: string, stream: string, message: string): void;
}

export function logsOf(world: World, account: string, region: string): Logs {
  const store = logStore(world, account, region);
  return {
    hasGroup: (name) => store.groups[name] !== undefined,
    openStream: (group, stream) => {
      const found = store.groups[group];
      if (!found) return false;
      found.streams[stream] ??= { events: [] };
      return true;
    },
    put: (group, stream, message) => {
      const now = Math.round(world.clock.now());
      store.groups[group]?.streams[stream]?.events.push({ timestamp: now, ingestionTime: now, message });
      world.touched();
    },
  };
}

export function seedLogGroup(
  world: World,
  account: string,
  region: string,
  group: { readonly name: string; readonly retentionInDays?: number },
): void {
  logStore(world, account, region).groups[group.name] ??= {
    name: group.name,
    createdAt: Math.round(world.clock.now()),
    retentionInDays: group.retentionInDays,
    streams: {},
  };
  world.touched();
}

function describeLogGroups(
  input: DescribeLogGroupsCommandInput,
  { world, account, region }: Call,
): Output<DescribeLogGroupsCommandOutput> {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, nextToken, limit = 50 } = input;
  const names = Object.keys(logStore(world, account, region).groups).sort();
  const fitting = names.filter(
    (name) => name.startsWith(prefix ?? '') && name.toLowerCase().includes((pattern ?? '').toLowerCase()),
  );
  const refused = () => invalid('The specified nextToken is invalid.');
  const { items, next } = pageOf(fitting, { token: nextToken, size: limit, refused });
  return {
    logGroups: items.map((name) => describe(logStore(world, account, region).groups[name], account, region)),
    ...(next !== undefined && { nextToken: next }),
  };
}

function describe(group: LogGroup | undefined, account: string, region: string) {
  const arn = `arn:aws:logs:${region}:${account}:log-group:${group?.name}`;
  const lines = Object.values(group?.streams ?? {}).flatMap((stream) => stream.events);
  return {
    logGroupName: group?.name,
    creationTime: group?.createdAt,
    ...(group?.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    logGroupArn: arn,
    logGroupClass: 'STANDARD' as const,
    storedBytes: lines.reduce((sum, line) => sum + Buffer.byteLength(line.message) + 26, 0),
  };
}

/** Without a token: the latest events, or with `startFromHead` the earliest. A token that leads nowhere comes back. */
function getLogEvents(
  input: GetLogEventsCommandInput,
  { world, account, region }: Call,
): Output<GetLogEventsCommandOutput> {
  const { logGroupIdentifier: identifier = '' } = input;
  const name = input.logGroupName ?? identifier.replace(/^arn:.*:log-group:/, '');
  const group = logStore(world, account, region).groups[name];
  if (!group) throw missing('The specified log group does not exist.');
  const stream = group.streams[input.logStreamName ?? ''];
  if (!stream) throw missing('The specified log stream does not exist.');
  const { startTime = 0, endTime = Number.POSITIVE_INFINITY, limit = 10_000, nextToken } = input;
  const events = stream.events.filter((event) => event.timestamp >= startTime && event.timestamp < endTime);
  const [from, to] = range(events.length, limit, nextToken, input.startFromHead ?? false);
  return {
    events: events.slice(from, to),
    nextForwardToken: token('f', to),
    nextBackwardToken: token('b', from),
  };
}

function range(
  length: number,
  limit: number,
  given: string | undefined,
  fromHead: boolean,
): [number, number] {
  if (given === undefined) {
    return fromHead ? [0, Math.min(limit, length)] : [Math.max(0, length - limit), length];
  }
  const [, way, digits] = /^([fb])\/(\d{56})\/s$/.exec(given) ?? [];
  const at = Number(digits);
  if (way === undefined || at > length) throw invalid('The specified nextToken is invalid.');
  return way === 'f' ? [at, Math.min(at + limit, length)] : [Math.max(0, at - limit), at];
}

const token = (way: 'f' | 'b', at: number) => `${way}/${String(at).padStart(56, '0')}/s`;
const invalid = (message: string) => new AwsError('InvalidParameterException', message);
const missing = (message: string) => new AwsError('ResourceNotFoundException', message);
