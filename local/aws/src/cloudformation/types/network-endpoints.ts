import type { CreateFlowLogsCommandOutput, CreateVpcEndpointCommandOutput } from '@aws-sdk/client-ec2';
import { endpointState, interfacesOf } from '../../ec2/describe-endpoints.ts';
import { allOf } from '../../ec2/kinds.ts';
import { AwsError } from '../../world/service.ts';
import type { Making, Properties, ResourceType } from '../resource-type.ts';
import { ask, flag, given, knowing } from './network-properties.ts';
import { readTags, retag, tagged } from './network-tags.ts';
import { list, text } from './values.ts';

/** Lists of a template, by the word that EC2's requests have for one member. */
const PARTS = ['RouteTableIds', 'SubnetIds', 'SecurityGroupIds'] as const;

const endpoint: ResourceType = {
  type: 'AWS::EC2::VPCEndpoint',
  create: async (_world, made) => {
    const { properties } = made;
    const { VpcEndpoint } = await ask<CreateVpcEndpointCommandOutput>(made, 'CreateVpcEndpoint', {
      VpcEndpointType: text(properties, 'VpcEndpointType'),
      VpcId: text(properties, 'VpcId'),
      ServiceName: text(properties, 'ServiceName'),
      PolicyDocument: policyIn(properties),
      PrivateDnsEnabled: flag(properties, 'PrivateDnsEnabled'),
      ...Object.fromEntries(
        PARTS.filter((name) => properties[name] !== undefined).map((name) => [name, list(properties, name)]),
      ),
      ...tagged(made, 'vpc-endpoint'),
    });
    return VpcEndpoint?.VpcEndpointId ?? '';
  },
  update: async (_world, id, made, before) => {
    const changes = changed(made, before);
    if (Object.keys(changes).length > 0)
      await ask(made, 'ModifyVpcEndpoint', { VpcEndpointId: id, ...changes });
    await retag(made, id, before);
  },
  remove: async (_world, id, made) => {
    await ask(made, 'DeleteVpcEndpoints', { VpcEndpointIds: [id] });
  },
  read: (world, id, made) => {
    const found = allOf({ world, ...made }, 'vpc-endpoint')[id];
    if (!found) return undefined;
    const lists = {
      RouteTableIds: found.routeTables,
      SubnetIds: found.subnets,
      SecurityGroupIds: found.groups,
    };
    return given({
      VpcEndpointType: found.kind,
      VpcId: found.vpc,
      ServiceName: found.service,
      PolicyDocument: found.policy === undefined ? undefined : JSON.parse(found.policy),
      ...(found.kind === 'Interface' && { PrivateDnsEnabled: found.privateDns }),
      ...Object.fromEntries(Object.entries(lists).filter(([, ids]) => ids.length > 0)),
      ...readTags(found.tags),
    });
  },
  attributes: (world, id, made) => {
    const found = allOf({ world, ...made }, 'vpc-endpoint')[id];
    return {
      Id: id,
      CreationTimestamp: found && new Date(Math.round(found.createdAt)).toISOString(),
      NetworkInterfaceIds: found ? interfacesOf(found) : [],
      DnsEntries: [],
    };
  },
  stable: (world, id, made) => {
    const found = allOf({ world, ...made }, 'vpc-endpoint')[id];
    if (!found) return { failed: `The endpoint ${id} is gone` };
    return endpointState(found, { world, ...made }) === 'available' || 'in progress';
  },
};

function policyIn({ PolicyDocument: policy }: Properties): string | undefined {
  return policy === undefined || typeof policy === 'string' ? policy : JSON.stringify(policy);
}

function changed({ properties }: Making, before: Properties): object {
  const policy = policyIn(properties);
  const lists = PARTS.flatMap((name) => {
    const [is, was] = [list(properties, name), list(before, name)];
    return [
      [`Add${name}`, is.filter((id) => !was.includes(id))] as const,
      [`Remove${name}`, was.filter((id) => !is.includes(id))] as const,
    ];
  });
  const [dns, dnsBefore] = [properties, before].map((one) => flag(one, 'PrivateDnsEnabled'));
  return given({
    ...Object.fromEntries(lists.filter(([, ids]) => ids.length > 0)),
    ...(dns !== dnsBefore && { PrivateDnsEnabled: dns ?? false }),
    ...(policy !== policyIn(before) &&
      (policy === undefined ? { ResetPolicy: true } : { PolicyDocument: policy })),
  });
}

const flowLog: ResourceType = {
  type: 'AWS::EC2::FlowLog',
  create: async (_world, made) => {
    const { properties } = made;
    const { FlowLogIds, Unsuccessful } = await ask<CreateFlowLogsCommandOutput>(made, 'CreateFlowLogs', {
      ResourceIds: [text(properties, 'ResourceId')],
      ResourceType: text(properties, 'ResourceType'),
      TrafficType: text(properties, 'TrafficType'),
      LogDestinationType: text(properties, 'LogDestinationType'),
      LogGroupName: text(properties, 'LogGroupName'),
      DeliverLogsPermissionArn: text(properties, 'DeliverLogsPermissionArn'),
      ...tagged(made, 'vpc-flow-log'),
    });
    const [refused] = Unsuccessful ?? [];
    if (refused) throw new AwsError(refused.Error?.Code ?? '', refused.Error?.Message ?? '');
    return FlowLogIds?.[0] ?? '';
  },
  update: (_world, id, made, before) => retag(made, id, before),
  remove: async (_world, id, made) => {
    await ask(made, 'DeleteFlowLogs', { FlowLogIds: [id] });
  },
  read: (world, id, made) => {
    const found = allOf({ world, ...made }, 'vpc-flow-log')[id];
    return (
      found && {
        ResourceId: found.of,
        ResourceType: 'VPC',
        TrafficType: found.traffic,
        LogDestinationType: 'cloud-watch-logs',
        LogGroupName: found.logGroup,
        DeliverLogsPermissionArn: found.role,
        ...readTags(found.tags),
      }
    );
  },
  attributes: (_world, id) => ({ Id: id }),
};

export const endpointTypes: readonly ResourceType[] = [
  knowing(
    ['VpcEndpointType', 'VpcId', 'ServiceName', 'PolicyDocument', 'PrivateDnsEnabled', ...PARTS, 'Tags'],
    endpoint,
  ),
  knowing(
    [
      'ResourceId',
      'ResourceType',
      'TrafficType',
      'LogDestinationType',
      'LogGroupName',
      'DeliverLogsPermissionArn',
      'Tags',
    ],
    flowLog,
  ),
];
