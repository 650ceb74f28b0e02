import type {
  VpcEndpoint as AwsVpcEndpoint,
  DescribeVpcEndpointsCommandInput,
  DescribeVpcEndpointsCommandOutput,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import type { Call } from '../world/service.ts';
import { described } from './describe.ts';
import { allOf, type Here } from './kinds.ts';
import type { VpcEndpoint } from './state.ts';
import { tagList } from './tags.ts';

const PENDING = 60_000; // virtual milliseconds until an interface endpoint is available; a gateway endpoint is at once

export function endpointState({ kind, createdAt }: VpcEndpoint, { world }: Here): 'pending' | 'available' {
  return kind === 'Interface' && world.clock.now() < createdAt + PENDING ? 'pending' : 'available';
}

export function describeVpcEndpoints(
  input: DescribeVpcEndpointsCommandInput,
  call: Call,
): Output<DescribeVpcEndpointsCommandOutput> {
  const { found, next } = described(call, 'vpc-endpoint', input, 'VpcEndpointIds', {
    'vpc-endpoint-id': ({ id }) => id,
    'vpc-id': ({ vpc }) => vpc,
    'service-name': ({ service }) => service,
    'vpc-endpoint-type': ({ kind }) => kind,
    'vpc-endpoint-state': (endpoint) => endpointState(endpoint, call),
  });
  return { VpcEndpoints: found.map((endpoint) => describeEndpoint(endpoint, call)), ...next };
}

export function describeEndpoint(endpoint: VpcEndpoint, call: Call): AwsVpcEndpoint {
  const { id, vpc, kind, service, subnets, groups, routeTables, tags } = endpoint;
  return {
    VpcEndpointId: id,
    VpcEndpointType: kind,
    VpcId: vpc,
    ServiceName: service,
    // EC2 writes the state of an endpoint in lower case, unlike its model
    State: endpointState(endpoint, call) as 'Available',
    PolicyDocument: endpoint.policy ?? OPEN,
    RouteTableIds: [...routeTables],
    SubnetIds: [...subnets],
    Groups: groups.map((GroupId) => ({
      GroupId,
      GroupName: allOf(call, 'security-group')[GroupId]?.name,
    })),
    PrivateDnsEnabled: endpoint.privateDns,
    RequesterManaged: false,
    NetworkInterfaceIds: interfacesOf(endpoint),
    CreationTimestamp: new Date(Math.round(endpoint.createdAt)),
    OwnerId: call.account,
    Tags: tagList(tags),
  };
}

/** One in each of its subnets. */
export function interfacesOf({ id, subnets }: VpcEndpoint): string[] {
  return subnets.map((subnet) => `eni-${id.slice(5, 13)}${subnet.slice(-9)}`);
}

/** What an endpoint lets through without a policy of its own: everything that the caller may do. */
const OPEN = JSON.stringify({
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});
