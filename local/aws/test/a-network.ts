import { makingOf } from '../src/cloudformation/making.ts';
import type { Making, Properties, ResourceType } from '../src/cloudformation/resource-type.ts';
import { resourceTypes } from '../src/cloudformation/types/index.ts';
import { services } from '../src/services/index.ts';
import { localWorld } from '../src/world/local-world.ts';
import { manualClock } from '../src/world/manual-clock.ts';
import type { Principal } from '../src/world/service.ts';

const account = '000011112222';
const region = 'eu-west-1';
const operator: Principal = { account, arn: `arn:aws:iam::${account}:user/operator` };

/** An empty account, and hands that make networks in it. */
export function emptyAccount(principal = operator) {
  const clock = manualClock();
  const world = localWorld({ clock, url: () => 'http://127.0.0.1:1', runtime: 'simulated' });
  const stack = { name: 'acme', id: `arn:aws:cloudformation:${region}:${account}:stack/acme/1` };

  function making(properties: Properties, where = region): Making {
    return makingOf(
      { world, account, region: where, principal },
      { stack, logicalId: 'It', properties, token: 'first' },
    );
  }

  /** An operation without the wire, by the same door. */
  function perform(
    name: string,
    operation: string,
    input: object,
    where = region,
  ): Promise<Record<string, unknown>> {
    const service = services.find((one) => one.name === name);
    if (!service) throw new Error(`there is no ${name} here`);
    return making({}, where).perform(service, operation, input);
  }

  /** A resource of a stack, as CloudFormation makes it. */
  async function make(type: string, properties: Properties) {
    const found = typeOf(type);
    const id = await found.create(world, making(properties));
    return { id, attributes: found.attributes?.(world, id, making(properties)) ?? {} };
  }

  return { world, clock, perform, ec2: perform.bind(null, 'ec2'), making, make };
}

export function typeOf(type: string): ResourceType {
  const found = resourceTypes.get(type.startsWith('AWS::') ? type : `AWS::EC2::${type}`);
  if (!found) throw new Error(`there is no ${type} here`);
  return found;
}

export type Account = ReturnType<typeof emptyAccount>;

/** A VPC with a subnet, a way to the internet and a NAT gateway that is available. */
export async function aNetwork(account: Account) {
  const vpc = (await account.make('VPC', { CidrBlock: '10.0.0.0/16', EnableDnsHostnames: true })).id;
  const subnet = (
    await account.make('Subnet', { VpcId: vpc, CidrBlock: '10.0.0.0/24', AvailabilityZoneId: 'euw1-az1' })
  ).id;
  const internet = (await account.make('InternetGateway', {})).id;
  await account.make('VPCGatewayAttachment', { VpcId: vpc, InternetGatewayId: internet });
  const table = (await account.make('RouteTable', { VpcId: vpc })).id;
  await account.make('SubnetRouteTableAssociation', { SubnetId: subnet, RouteTableId: table });
  const address = await account.make('EIP', { Domain: 'vpc' });
  const allocation = String(address.attributes['AllocationId']);
  const nat = (await account.make('NatGateway', { SubnetId: subnet, AllocationId: allocation })).id;
  const group = (
    await account.make('SecurityGroup', { VpcId: vpc, GroupName: 'app', GroupDescription: 'The layer app' })
  ).id;
  const silent = (await account.make('VPC', { CidrBlock: '10.8.0.0/16', EnableDnsSupport: false })).id;
  await account.clock.advance(120_000);
  return { vpc, subnet, internet, table, allocation, ip: address.id, nat, group, silent };
}
