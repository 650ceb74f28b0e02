import type {
  AllocateAddressCommandInput,
  AllocateAddressCommandOutput,
  Address as AwsAddress,
  DescribeAddressesCommandInput,
  DescribeAddressesCommandOutput,
  ReleaseAddressCommandInput,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { withinQuota } from '../world/quotas.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { nthAddress } from './cidr.ts';
import { described } from './describe.ts';
import { allOf, find, type Here, newId } from './kinds.ts';
import { holderOf, networkInterfaceOf } from './nat-gateways.ts';
import { type Address, ec2Of } from './state.ts';
import { tagList, tagsIn } from './tags.ts';

export const addressOperations: Readonly<Record<string, Handler>> = {
  AllocateAddress: allocateAddress,
  ReleaseAddress: releaseAddress,
  DescribeAddresses: describeAddresses,
};

/** Addresses that the internet gives to nobody: they are for measuring networks (RFC 2544). */
const PUBLIC = '198.18.0.0/15';

/** An address of AWS that nothing has had here. */
export function publicAddress({ world, account, region }: Here): string {
  const state = ec2Of(world, account, region);
  state.given += 1;
  const start = [...`${account}${region}`].reduce((sum, each) => (sum * 31 + each.charCodeAt(0)) % 65_536, 7);
  return nthAddress(PUBLIC, (start + state.given) % 131_072);
}

function allocateAddress(
  input: AllocateAddressCommandInput,
  call: Call,
): Output<AllocateAddressCommandOutput> {
  const tags = tagsIn(input.TagSpecifications);
  const all = allOf(call, 'elastic-ip');
  withinQuota(call, 'addresses', Object.keys(all).length);
  const address: Address = { id: newId(call, 'eipalloc'), ip: publicAddress(call), tags };
  all[address.id] = address;
  call.world.touched();
  return {
    AllocationId: address.id,
    PublicIp: address.ip,
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: call.region,
  };
}

function releaseAddress(input: ReleaseAddressCommandInput, call: Call): object {
  const { id, ip } = find(call, 'elastic-ip', input.AllocationId);
  if (holderOf(id, call)) throw new AwsError('InvalidIPAddress.InUse', `Address ${ip} is in use.`);
  delete allOf(call, 'elastic-ip')[id];
  call.world.touched();
  return {};
}

function describeAddresses(
  { PublicIps, ...input }: DescribeAddressesCommandInput,
  call: Call,
): Output<DescribeAddressesCommandOutput> {
  const { found } = described(call, 'elastic-ip', input, 'AllocationIds', {
    'allocation-id': ({ id }) => id,
    'public-ip': ({ ip }) => ip,
    domain: () => 'vpc',
    'association-id': ({ id }) => (holderOf(id, call) ? associationOf(id) : []),
  });
  const absent = (PublicIps ?? []).find((ip) => !found.some((address) => address.ip === ip));
  if (absent !== undefined) throw new AwsError('InvalidAddress.NotFound', `Address '${absent}' not found.`);
  const asked = found.filter(({ ip }) => PublicIps?.includes(ip) ?? true);
  return { Addresses: asked.map((address) => describe(address, call)) };
}

const associationOf = (id: string) => id.replace('eipalloc', 'eipassoc');

function describe({ id, ip, tags }: Address, call: Call): AwsAddress {
  const holder = holderOf(id, call);
  return {
    AllocationId: id,
    PublicIp: ip,
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: call.region,
    ...(holder && {
      AssociationId: associationOf(id),
      NetworkInterfaceId: networkInterfaceOf(holder),
      NetworkInterfaceOwnerId: call.account,
      PrivateIpAddress: holder.privateIp,
    }),
    Tags: tagList(tags),
  };
}
