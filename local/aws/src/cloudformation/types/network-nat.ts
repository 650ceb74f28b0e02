import type { AllocateAddressCommandOutput, CreateNatGatewayCommandOutput } from '@aws-sdk/client-ec2';
import { allOf, type Here } from '../../ec2/kinds.ts';
import { natState, networkInterfaceOf } from '../../ec2/nat-gateways.ts';
import type { Address } from '../../ec2/state.ts';
import type { ResourceType } from '../resource-type.ts';
import { ask, knowing } from './network-properties.ts';
import { readTags, retag, tagged } from './network-tags.ts';
import { text } from './values.ts';

/** `Ref` of an elastic IP is the address itself. */
function byIp(here: Here, ip: string): Address | undefined {
  return Object.values(allOf(here, 'elastic-ip')).find((address) => address.ip === ip);
}

const address: ResourceType = {
  type: 'AWS::EC2::EIP',
  create: async (_world, made) => {
    const { PublicIp } = await ask<AllocateAddressCommandOutput>(made, 'AllocateAddress', {
      Domain: text(made.properties, 'Domain'),
      ...tagged(made, 'elastic-ip'),
    });
    return PublicIp ?? '';
  },
  update: (world, id, made, before) => retag(made, byIp({ world, ...made }, id)?.id ?? '', before),
  remove: async (world, id, made) => {
    await ask(made, 'ReleaseAddress', { AllocationId: byIp({ world, ...made }, id)?.id });
  },
  read: (world, id, made) => {
    const found = byIp({ world, ...made }, id);
    return found && { Domain: 'vpc', ...readTags(found.tags) };
  },
  attributes: (world, id, made) => ({
    PublicIp: id,
    AllocationId: byIp({ world, ...made }, id)?.id,
  }),
};

const natGateway: ResourceType = {
  type: 'AWS::EC2::NatGateway',
  create: async (_world, made) => {
    const { properties } = made;
    const { NatGateway } = await ask<CreateNatGatewayCommandOutput>(made, 'CreateNatGateway', {
      SubnetId: text(properties, 'SubnetId'),
      AllocationId: text(properties, 'AllocationId'),
      ConnectivityType: text(properties, 'ConnectivityType'),
      ...tagged(made, 'natgateway'),
    });
    return NatGateway?.NatGatewayId ?? '';
  },
  update: (_world, id, made, before) => retag(made, id, before),
  remove: async (_world, id, made) => {
    await ask(made, 'DeleteNatGateway', { NatGatewayId: id });
  },
  read: (world, id, made) => {
    const here = { world, ...made };
    const found = allOf(here, 'natgateway')[id];
    if (!found || ['deleting', 'deleted'].includes(natState(found, here))) return undefined;
    return {
      SubnetId: found.subnet,
      AllocationId: found.address,
      ConnectivityType: 'public',
      ...readTags(found.tags),
    };
  },
  attributes: (world, id, made) => {
    const found = allOf({ world, ...made }, 'natgateway')[id];
    return { NatGatewayId: id, EniId: found && networkInterfaceOf(found) };
  },
  stable: (world, id, made) => {
    const found = allOf({ world, ...made }, 'natgateway')[id];
    const state = found && natState(found, { world, ...made });
    if (state === 'pending') return 'in progress';
    return state === 'available' || { failed: found?.failure?.message ?? `The NAT gateway ${id} is gone` };
  },
  removed: (world, id, made) => {
    const found = allOf({ world, ...made }, 'natgateway')[id];
    return found && natState(found, { world, ...made }) === 'deleting' ? 'in progress' : true;
  },
};

export const natTypes: readonly ResourceType[] = [
  knowing(['Domain', 'Tags'], address),
  knowing(['SubnetId', 'AllocationId', 'ConnectivityType', 'Tags'], natGateway),
];
