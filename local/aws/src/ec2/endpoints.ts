import type {
  CreateVpcEndpointCommandInput,
  CreateVpcEndpointCommandOutput,
  DeleteVpcEndpointsCommandInput,
  DeleteVpcEndpointsCommandOutput,
  ModifyVpcEndpointCommandInput,
  ModifyVpcEndpointCommandOutput,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { withinQuota } from '../world/quotas.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { describeEndpoint, describeVpcEndpoints } from './describe-endpoints.ts';
import { endpointService, prefixListOf } from './endpoint-services.ts';
import { allOf, find, type Here, KINDS, newId } from './kinds.ts';
import type { Vpc, VpcEndpoint } from './state.ts';
import { tagsIn } from './tags.ts';

export const endpointOperations: Readonly<Record<string, Handler>> = {
  CreateVpcEndpoint: createVpcEndpoint,
  ModifyVpcEndpoint: modifyVpcEndpoint,
  DeleteVpcEndpoints: deleteVpcEndpoints,
  DescribeVpcEndpoints: describeVpcEndpoints,
};

function createVpcEndpoint(
  input: CreateVpcEndpointCommandInput,
  call: Call,
): Output<CreateVpcEndpointCommandOutput> {
  const kind = kindOf(input.VpcEndpointType);
  const vpc = find(call, 'vpc', input.VpcId);
  const all = allOf(call, 'vpc-endpoint');
  const endpoint: VpcEndpoint = {
    id: '',
    vpc: vpc.id,
    kind,
    service: endpointService(call.region, kind, input.ServiceName),
    createdAt: call.world.clock.now(),
    routeTables: input.RouteTableIds ?? [],
    subnets: input.SubnetIds ?? [],
    groups: input.SecurityGroupIds ?? (kind === 'Interface' ? defaultGroup(call, vpc) : []),
    privateDns: kind === 'Interface' && (input.PrivateDnsEnabled ?? false),
    policy: input.PolicyDocument,
    tags: tagsIn(input.TagSpecifications),
  };
  check(endpoint, vpc, call);
  const ofKind = Object.values(all).filter((other) => other.kind === kind);
  withinQuota(call, kind === 'Gateway' ? 'gatewayEndpoints' : 'interfaceEndpoints', ofKind.length);
  const made = { ...endpoint, id: newId(call, 'vpce') };
  all[made.id] = made;
  call.world.touched();
  return { VpcEndpoint: describeEndpoint(made, call) };
}

function kindOf(asked: string | undefined): VpcEndpoint['kind'] {
  if (asked === undefined || asked === 'Gateway') return 'Gateway';
  if (asked === 'Interface') return asked;
  throw new AwsError('NotImplemented', `local-aws knows no VPC endpoints of type ${asked}.`, 501);
}

function defaultGroup(here: Here, { id }: Vpc): readonly string[] {
  const groups = Object.values(allOf(here, 'security-group'));
  return groups.filter(({ vpc, name }) => vpc === id && name === 'default').map((group) => group.id);
}

/** Everything that EC2 refuses of an endpoint's surroundings, which must be in its VPC. */
function check(endpoint: VpcEndpoint, vpc: Vpc, here: Here): void {
  const { kind, routeTables, subnets, groups, service } = endpoint;
  const refuse = (says: string) => new AwsError('InvalidParameter', says);
  if (kind === 'Gateway' && (subnets.length > 0 || groups.length > 0))
    throw refuse('Subnets and security groups are not supported for Gateway endpoints.');
  if (kind === 'Interface' && routeTables.length > 0)
    throw refuse('Route tables are not supported for Interface endpoints.');
  const parts = [
    ...routeTables.map((id) => find(here, 'route-table', id)),
    ...subnets.map((id) => find(here, 'subnet', id)),
    ...groups.map((id) => find(here, 'security-group', id)),
  ];
  const stray = parts.find((part) => part.vpc !== vpc.id);
  if (stray) throw refuse(`${stray.id} does not belong to the VPC ${vpc.id}`);
  const zones = subnets.map((id) => find(here, 'subnet', id).zone);
  const twice = zones.find((zone, i) => zones.indexOf(zone) !== i);
  if (twice !== undefined)
    throw new AwsError(
      'DuplicateSubnetsInSameZone',
      `Found another VPC endpoint subnet in the availability zone of ${twice}`,
    );
  const others = Object.values(allOf(here, 'vpc-endpoint')).filter(
    (other) => other.id !== endpoint.id && other.vpc === vpc.id && other.service === service,
  );
  const taken = routeTables.find((id) => others.some((other) => other.routeTables.includes(id)));
  if (taken !== undefined)
    throw new AwsError(
      'RouteAlreadyExists',
      `route table ${taken} already has a route with destination-prefix-list-id ${prefixListOf(here.region, service)}`,
    );
  if (!endpoint.privateDns) return;
  if (!vpc.dnsSupport || !vpc.dnsHostnames)
    throw refuse(
      `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpc.id}`,
    );
  if (others.some((other) => other.privateDns))
    throw refuse(
      `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${service} in the VPC ${vpc.id}`,
    );
}

function modifyVpcEndpoint(
  input: ModifyVpcEndpointCommandInput,
  call: Call,
): Output<ModifyVpcEndpointCommandOutput> {
  const endpoint = find(call, 'vpc-endpoint', input.VpcEndpointId);
  refuseStrangers(input, endpoint, call);
  const changed: VpcEndpoint = {
    ...endpoint,
    routeTables: changedList(endpoint.routeTables, input.AddRouteTableIds, input.RemoveRouteTableIds),
    subnets: changedList(endpoint.subnets, input.AddSubnetIds, input.RemoveSubnetIds),
    groups: changedList(endpoint.groups, input.AddSecurityGroupIds, input.RemoveSecurityGroupIds),
    privateDns: input.PrivateDnsEnabled ?? endpoint.privateDns,
    policy: input.ResetPolicy ? undefined : (input.PolicyDocument ?? endpoint.policy),
  };
  check(changed, find(call, 'vpc', endpoint.vpc), call);
  allOf(call, 'vpc-endpoint')[endpoint.id] = changed;
  call.world.touched();
  return { Return: true };
}

/** What is taken away exists, and is of a kind that such an endpoint can have ("ModifyVpcEndpoint"). */
function refuseStrangers(
  {
    RemoveRouteTableIds: tables = [],
    RemoveSubnetIds: subnets = [],
    RemoveSecurityGroupIds: groups = [],
  }: ModifyVpcEndpointCommandInput,
  { kind }: VpcEndpoint,
  here: Here,
): void {
  for (const id of tables) find(here, 'route-table', id);
  for (const id of subnets) find(here, 'subnet', id);
  for (const id of groups) find(here, 'security-group', id);
  const others = kind === 'Gateway' ? [...subnets, ...groups] : tables;
  if (others.length > 0)
    throw new AwsError('InvalidParameter', `${others[0]} is not supported for ${kind} endpoints.`);
}

function changedList(
  there: readonly string[],
  add: readonly string[] = [],
  remove: readonly string[] = [],
): readonly string[] {
  return [...new Set([...there, ...add])].filter((id) => !remove.includes(id));
}

/** What cannot be deleted is answered by name; the others go. */
function deleteVpcEndpoints(
  input: DeleteVpcEndpointsCommandInput,
  call: Call,
): Output<DeleteVpcEndpointsCommandOutput> {
  const all = allOf(call, 'vpc-endpoint');
  const ids = input.VpcEndpointIds ?? [];
  const absent = ids.filter((id) => !all[id]);
  for (const id of ids) delete all[id];
  call.world.touched();
  const { absent: Code, says } = KINDS['vpc-endpoint'];
  return {
    Unsuccessful: absent.map((ResourceId) => ({ ResourceId, Error: { Code, Message: says(ResourceId) } })),
  };
}
