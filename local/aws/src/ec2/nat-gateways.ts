import type {
  NatGateway as AwsNatGateway,
  CreateNatGatewayCommandInput,
  CreateNatGatewayCommandOutput,
  DeleteNatGatewayCommandInput,
  DeleteNatGatewayCommandOutput,
  DescribeNatGatewaysCommandInput,
  DescribeNatGatewaysCommandOutput,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { withinQuota } from '../world/quotas.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { nthAddress } from './cidr.ts';
import { described } from './describe.ts';
import { allOf, find, type Here, newId } from './kinds.ts';
import type { NatGateway, Subnet } from './state.ts';
import { tagList, tagsIn } from './tags.ts';

export const natGatewayOperations: Readonly<Record<string, Handler>> = {
  CreateNatGateway: createNatGateway,
  DeleteNatGateway: deleteNatGateway,
  DescribeNatGateways: describeNatGateways,
};

// virtual milliseconds; AWS says that both take "a few minutes", and that a deleted one can be seen for about an hour
const PENDING = 90_000;
const DELETING = 60_000;
const SEEN_AFTER = 3_600_000;

export type NatState = 'pending' | 'available' | 'failed' | 'deleting' | 'deleted';

export function natState({ createdAt, deletedAt, failure }: NatGateway, { world }: Here): NatState {
  const now = world.clock.now();
  if (deletedAt !== undefined) return now < deletedAt + DELETING ? 'deleting' : 'deleted';
  if (now < createdAt + PENDING) return 'pending';
  return failure ? 'failed' : 'available';
}

/** It has no address and no interface any more. */
export function isGone(nat: NatGateway, here: Here): boolean {
  return ['deleted', 'failed'].includes(natState(nat, here));
}

export function holdsAddress(nat: NatGateway, here: Here): boolean {
  return nat.failure === undefined && !isGone(nat, here);
}

/** The NAT gateway that has an address. */
export function holderOf(address: string, here: Here): NatGateway | undefined {
  return Object.values(allOf(here, 'natgateway')).find(
    (nat) => nat.address === address && holdsAddress(nat, here),
  );
}

export const networkInterfaceOf = ({ id }: NatGateway) => id.replace('nat', 'eni');

function createNatGateway(
  input: CreateNatGatewayCommandInput,
  call: Call,
): Output<CreateNatGatewayCommandOutput> {
  const { ConnectivityType = 'public', ClientToken: token } = input;
  const all = allOf(call, 'natgateway');
  const again = Object.values(all).find((nat) => token !== undefined && nat.token === token);
  if (again) return { ClientToken: token, NatGateway: describe(again, call) };
  const subnet = find(call, 'subnet', input.SubnetId);
  if (ConnectivityType !== 'public')
    throw new AwsError('NotImplemented', 'local-aws knows no ConnectivityType but public.', 501);
  const address = find(call, 'elastic-ip', input.AllocationId);
  const tags = tagsIn(input.TagSpecifications);
  const inZone = Object.values(all).filter(
    (nat) => allOf(call, 'subnet')[nat.subnet]?.zoneId === subnet.zoneId && !isGone(nat, call),
  );
  withinQuota(call, 'natGateways', inZone.length);
  const id = newId(call, 'nat');
  const nat: NatGateway = {
    id,
    vpc: subnet.vpc,
    subnet: subnet.id,
    address: address.id,
    privateIp: nthAddress(subnet.cidr, 4),
    token,
    createdAt: call.world.clock.now(),
    failure: failureOf(subnet, address.id, call),
    deletedAt: undefined,
    tags,
  };
  all[id] = nat;
  call.world.touched();
  return { ...(token !== undefined && { ClientToken: token }), NatGateway: describe(nat, call) };
}

/** What EC2 finds out after it has answered ("Troubleshoot NAT gateways"). */
function failureOf({ vpc }: Subnet, address: string, here: Here): NatGateway['failure'] {
  if (holderOf(address, here))
    return {
      code: 'Resource.AlreadyAssociated',
      message: `Elastic IP address [${address}] is already associated`,
    };
  if (!Object.values(allOf(here, 'internet-gateway')).some((gateway) => gateway.vpc === vpc))
    return { code: 'Gateway.NotAttached', message: `Network ${vpc} has no Internet gateway attached` };
  return undefined;
}

function deleteNatGateway(
  input: DeleteNatGatewayCommandInput,
  call: Call,
): Output<DeleteNatGatewayCommandOutput> {
  const nat = find(call, 'natgateway', input.NatGatewayId);
  nat.deletedAt ??= call.world.clock.now();
  call.world.touched();
  return { NatGatewayId: nat.id };
}

function describeNatGateways(
  { Filter, ...input }: DescribeNatGatewaysCommandInput,
  call: Call,
): Output<DescribeNatGatewaysCommandOutput> {
  const asked = { ...input, ...(Filter && { Filters: Filter }) };
  const { found, next } = described(call, 'natgateway', asked, 'NatGatewayIds', {
    'nat-gateway-id': ({ id }) => id,
    'vpc-id': ({ vpc }) => vpc,
    'subnet-id': ({ subnet }) => subnet,
    state: (nat) => natState(nat, call),
  });
  const now = call.world.clock.now();
  const seen = found.filter(({ deletedAt = now }) => now < deletedAt + SEEN_AFTER);
  return { NatGateways: seen.map((nat) => describe(nat, call)), ...next };
}

function describe(nat: NatGateway, call: Call): AwsNatGateway {
  const state = natState(nat, call);
  const failed = state === 'failed' ? nat.failure : undefined;
  return {
    NatGatewayId: nat.id,
    VpcId: nat.vpc,
    SubnetId: nat.subnet,
    State: state,
    ConnectivityType: 'public',
    CreateTime: new Date(Math.round(nat.createdAt)),
    ...(nat.deletedAt !== undefined && { DeleteTime: new Date(Math.round(nat.deletedAt)) }),
    ...(failed && { FailureCode: failed.code, FailureMessage: failed.message }),
    NatGatewayAddresses: [
      {
        AllocationId: nat.address,
        NetworkInterfaceId: networkInterfaceOf(nat),
        PrivateIp: nat.privateIp,
        PublicIp: allOf(call, 'elastic-ip')[nat.address]?.ip,
        IsPrimary: true,
        Status: state === 'available' ? 'succeeded' : 'associating',
      },
    ],
    Tags: tagList(nat.tags),
  };
}
