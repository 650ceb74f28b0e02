import type {
  FlowLog as AwsFlowLog,
  CreateFlowLogsCommandInput,
  CreateFlowLogsCommandOutput,
  DeleteFlowLogsCommandInput,
  DeleteFlowLogsCommandOutput,
  DescribeFlowLogsCommandInput,
  DescribeFlowLogsCommandOutput,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { described } from './describe.ts';
import { allOf, find, KINDS, newId } from './kinds.ts';
import type { FlowLog } from './state.ts';
import { tagList, tagsIn } from './tags.ts';

export const flowLogOperations: Readonly<Record<string, Handler>> = {
  CreateFlowLogs: createFlowLogs,
  DeleteFlowLogs: deleteFlowLogs,
  DescribeFlowLogs: describeFlowLogs,
};

/** Of VPCs, to CloudWatch Logs. No record is written: nothing here sees packets. */
function createFlowLogs(input: CreateFlowLogsCommandInput, call: Call): Output<CreateFlowLogsCommandOutput> {
  const {
    LogGroupName: logGroup = '',
    DeliverLogsPermissionArn: role = '',
    LogDestinationType: where,
  } = input;
  if (input.ResourceType !== 'VPC' || (where ?? 'cloud-watch-logs') !== 'cloud-watch-logs')
    throw new AwsError('NotImplemented', 'local-aws knows flow logs of VPCs to CloudWatch Logs alone.', 501);
  const { TrafficType: traffic = 'ALL' } = input;
  const vpcs = (input.ResourceIds ?? []).map((id) => find(call, 'vpc', id));
  const tags = tagsIn(input.TagSpecifications);
  const all = allOf(call, 'vpc-flow-log');
  const same = ({ of, traffic: other, logGroup: group }: FlowLog) =>
    vpcs.some(({ id }) => id === of) && other === traffic && group === logGroup;
  const [again] = Object.values(all).filter(same);
  if (again)
    throw new AwsError(
      'FlowLogAlreadyExists',
      `There is an existing Flow Log with the same configuration and log destination: ${again.id}`,
    );
  const made = vpcs.map(({ id: of }): FlowLog => {
    const id = newId(call, 'fl');
    return { id, of, traffic, logGroup, role, createdAt: call.world.clock.now(), tags };
  });
  for (const log of made) all[log.id] = log;
  call.world.touched();
  return { FlowLogIds: made.map(({ id }) => id), Unsuccessful: [] };
}

function deleteFlowLogs(input: DeleteFlowLogsCommandInput, call: Call): Output<DeleteFlowLogsCommandOutput> {
  const all = allOf(call, 'vpc-flow-log');
  const ids = input.FlowLogIds ?? [];
  const absent = ids.filter((id) => !all[id]);
  for (const id of ids) delete all[id];
  call.world.touched();
  const { absent: Code, says } = KINDS['vpc-flow-log'];
  return {
    Unsuccessful: absent.map((ResourceId) => ({ ResourceId, Error: { Code, Message: says(ResourceId) } })),
  };
}

function describeFlowLogs(
  { Filter, ...input }: DescribeFlowLogsCommandInput,
  call: Call,
): Output<DescribeFlowLogsCommandOutput> {
  const asked = { ...input, ...(Filter && { Filters: Filter }) };
  const { found, next } = described(call, 'vpc-flow-log', asked, 'FlowLogIds', {
    'flow-log-id': ({ id }) => id,
    'resource-id': ({ of }) => of,
    'traffic-type': ({ traffic }) => traffic,
    'log-destination-type': () => 'cloud-watch-logs',
    'log-group-name': ({ logGroup }) => logGroup,
  });
  return { FlowLogs: found.map(describe), ...next };
}

function describe({ id, of, traffic, logGroup, role, createdAt, tags }: FlowLog): AwsFlowLog {
  return {
    FlowLogId: id,
    ResourceId: of,
    TrafficType: traffic as 'ALL', // as it was given
    LogDestinationType: 'cloud-watch-logs',
    LogGroupName: logGroup,
    DeliverLogsPermissionArn: role,
    DeliverLogsStatus: 'SUCCESS',
    FlowLogStatus: 'ACTIVE',
    MaxAggregationInterval: 600,
    CreationTime: new Date(Math.round(createdAt)),
    Tags: tagList(tags),
  };
}
