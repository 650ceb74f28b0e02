import type {
  CreateFlowLogsCommandInput,
  CreateVpcEndpointCommandInput,
  DeleteFlowLogsCommandInput,
  ModifyVpcEndpointCommandInput,
} from '@aws-sdk/client-ec2';
import { resourcePolicyMistakes } from '../../policy/resource-policy.ts';
import type { Rule } from '../../rules/rule.ts';

const ENDPOINT = 'CreateVpcEndpoint - Amazon Elastic Compute Cloud';
const FLOWS = 'CreateFlowLogs - Amazon Elastic Compute Cloud';

/** VPC endpoints and flow logs. */
export const endpointRules: readonly Rule[] = [
  {
    operations: ['CreateVpcEndpoint', 'ModifyVpcEndpoint'],
    page: ENDPOINT,
    says: 'A policy of an endpoint is a policy document.',
    code: 'InvalidPolicyDocument',
    *mistakes({ PolicyDocument }: ModifyVpcEndpointCommandInput) {
      if (PolicyDocument !== undefined && [...resourcePolicyMistakes(PolicyDocument)].length > 0)
        yield 'The specified policy document is not a valid JSON policy document.';
    },
    shownBy: [
      { PolicyDocument: 'Allow *' },
      { PolicyDocument: '[]' },
      { PolicyDocument: '{"Statement":[{"Effect":"Maybe"}]}' },
    ],
  },
  {
    operations: ['CreateVpcEndpoint'],
    page: ENDPOINT,
    says: 'Subnets, security groups and private DNS are for interface endpoints.',
    code: 'InvalidParameter',
    *mistakes(input: CreateVpcEndpointCommandInput) {
      const { VpcEndpointType = 'Gateway', SubnetIds = [], SecurityGroupIds = [], PrivateDnsEnabled } = input;
      if (
        VpcEndpointType === 'Gateway' &&
        (SubnetIds.length + SecurityGroupIds.length > 0 || PrivateDnsEnabled)
      )
        yield 'Subnets, security groups and private DNS are not supported for Gateway endpoints.';
    },
    shownBy: [
      { VpcEndpointType: 'Gateway', SubnetIds: ['subnet-1'] },
      { SecurityGroupIds: ['sg-1'] },
      { PrivateDnsEnabled: true },
    ],
  },
  {
    operations: ['CreateVpcEndpoint'],
    page: ENDPOINT,
    says: 'Route tables are for gateway endpoints.',
    code: 'InvalidParameter',
    *mistakes({ VpcEndpointType, RouteTableIds = [] }: CreateVpcEndpointCommandInput) {
      if (VpcEndpointType === 'Interface' && RouteTableIds.length > 0)
        yield 'Route tables are not supported for Interface endpoints.';
    },
    shownBy: [{ VpcEndpointType: 'Interface', RouteTableIds: ['rtb-1'] }],
  },
  {
    operations: ['ModifyVpcEndpoint'],
    page: 'ModifyVpcEndpoint - Amazon Elastic Compute Cloud',
    says: 'A policy is reset or replaced.',
    code: 'InvalidParameterCombination',
    *mistakes({ ResetPolicy, PolicyDocument }: ModifyVpcEndpointCommandInput) {
      if (ResetPolicy && PolicyDocument !== undefined)
        yield 'The parameters PolicyDocument and ResetPolicy cannot be used together.';
    },
    shownBy: [{ ResetPolicy: true, PolicyDocument: '{}' }],
  },
  {
    operations: ['CreateFlowLogs'],
    page: FLOWS,
    says: 'Flow logs in CloudWatch Logs have a group and a role that writes to it.',
    code: 'InvalidParameter',
    *mistakes(input: CreateFlowLogsCommandInput) {
      const { LogDestinationType = 'cloud-watch-logs', LogGroupName, LogDestination } = input;
      if (LogDestinationType !== 'cloud-watch-logs') return;
      if (LogGroupName === undefined && LogDestination === undefined)
        yield 'LogGroupName or LogDestination is required for CloudWatch Logs.';
      if (input.DeliverLogsPermissionArn === undefined)
        yield 'DeliverLogsPermissionArn is required for CloudWatch Logs.';
    },
    shownBy: [
      { LogGroupName: 'flows' },
      { DeliverLogsPermissionArn: 'arn:aws:iam::000011112222:role/flows' },
    ],
  },
  {
    operations: ['CreateFlowLogs'],
    page: 'CreateLogGroup - Amazon CloudWatch Logs',
    says: 'A log group has a name of 1 to 512 letters, digits and the signs . - _ / #.',
    code: 'InvalidParameter',
    *mistakes({ LogGroupName: name }: CreateFlowLogsCommandInput) {
      if (name !== undefined && !/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name))
        yield `Invalid LogGroupName: ${name}`;
    },
    shownBy: [{ LogGroupName: 'all flows' }, { LogGroupName: 'x'.repeat(513) }],
  },
  {
    operations: ['CreateFlowLogs'],
    page: FLOWS,
    says: 'Of VPCs, subnets and interfaces 300 are monitored by one request, of transit gateways 25.',
    code: 'InvalidParameter',
    *mistakes({ ResourceIds = [], ResourceType }: CreateFlowLogsCommandInput) {
      const most = ResourceType?.startsWith('TransitGateway') ? 25 : 300;
      if (ResourceIds.length > most) yield `The maximum number of resources of one request is ${most}.`;
    },
    shownBy: [
      { ResourceType: 'VPC', ResourceIds: Array.from({ length: 301 }, () => 'vpc-1') },
      { ResourceType: 'TransitGateway', ResourceIds: Array.from({ length: 26 }, () => 'tgw-1') },
    ],
  },
  {
    operations: ['CreateFlowLogs'],
    page: FLOWS,
    says: 'The type of traffic is required for VPCs, subnets and interfaces.',
    code: 'MissingParameter',
    *mistakes({ ResourceType, TrafficType }: CreateFlowLogsCommandInput) {
      if (['VPC', 'Subnet', 'NetworkInterface'].includes(ResourceType ?? '') && TrafficType === undefined)
        yield 'The request must contain the parameter TrafficType';
    },
    shownBy: [{ ResourceType: 'VPC' }],
  },
  {
    operations: ['CreateFlowLogs'],
    page: FLOWS,
    says: 'Flows are aggregated over 60 or 600 seconds.',
    code: 'InvalidParameter',
    *mistakes({ MaxAggregationInterval = 600 }: CreateFlowLogsCommandInput) {
      if (![60, 600].includes(MaxAggregationInterval))
        yield `Invalid MaxAggregationInterval: ${MaxAggregationInterval}.`;
    },
    shownBy: [{ MaxAggregationInterval: 300 }],
  },
  {
    operations: ['DeleteFlowLogs', 'DescribeFlowLogs'],
    page: 'DeleteFlowLogs - Amazon Elastic Compute Cloud',
    says: 'Up to 1,000 flow logs are named at once.',
    code: 'InvalidParameterValue',
    *mistakes({ FlowLogIds = [] }: DeleteFlowLogsCommandInput) {
      if (FlowLogIds.length > 1_000) yield 'The maximum number of flow log IDs of one request is 1000.';
    },
    shownBy: [{ FlowLogIds: Array.from({ length: 1_001 }, () => 'fl-1') }],
  },
];
