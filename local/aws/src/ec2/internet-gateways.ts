import type {
  AttachInternetGatewayCommandInput,
  InternetGateway as AwsInternetGateway,
  CreateInternetGatewayCommandInput,
  CreateInternetGatewayCommandOutput,
  DeleteInternetGatewayCommandInput,
  DescribeInternetGatewaysCommandInput,
  DescribeInternetGatewaysCommandOutput,
  DetachInternetGatewayCommandInput,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { withinQuota } from '../world/quotas.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { dependency } from './dependencies.ts';
import { described } from './describe.ts';
import { allOf, find, newId } from './kinds.ts';
import { holdsAddress } from './nat-gateways.ts';
import type { InternetGateway } from './state.ts';
import { tagList, tagsIn } from './tags.ts';

export const internetGatewayOperations: Readonly<Record<string, Handler>> = {
  CreateInternetGateway: create,
  DeleteInternetGateway: remove,
  AttachInternetGateway: attach,
  DetachInternetGateway: detach,
  DescribeInternetGateways: describeAll,
};

function create(
  input: CreateInternetGatewayCommandInput,
  call: Call,
): Output<CreateInternetGatewayCommandOutput> {
  const tags = tagsIn(input.TagSpecifications);
  const all = allOf(call, 'internet-gateway');
  withinQuota(call, 'internetGateways', Object.keys(all).length);
  const gateway: InternetGateway = { id: newId(call, 'igw'), vpc: undefined, tags };
  all[gateway.id] = gateway;
  call.world.touched();
  return { InternetGateway: describe(gateway, call) };
}

function remove(input: DeleteInternetGatewayCommandInput, call: Call): object {
  const { id, vpc } = find(call, 'internet-gateway', input.InternetGatewayId);
  if (vpc !== undefined) throw dependency('internetGateway', id);
  delete allOf(call, 'internet-gateway')[id];
  call.world.touched();
  return {};
}

function attach(input: AttachInternetGatewayCommandInput, call: Call): object {
  const gateway = find(call, 'internet-gateway', input.InternetGatewayId);
  const vpc = find(call, 'vpc', input.VpcId);
  if (gateway.vpc !== undefined)
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `resource ${gateway.id} is already attached to network ${gateway.vpc}`,
    );
  if (Object.values(allOf(call, 'internet-gateway')).some((other) => other.vpc === vpc.id))
    throw new AwsError('InvalidParameterValue', `Network ${vpc.id} already has an internet gateway attached`);
  gateway.vpc = vpc.id;
  call.world.touched();
  return {};
}

function detach(input: DetachInternetGatewayCommandInput, call: Call): object {
  const gateway = find(call, 'internet-gateway', input.InternetGatewayId);
  const vpc = find(call, 'vpc', input.VpcId);
  if (gateway.vpc !== vpc.id)
    throw new AwsError('Gateway.NotAttached', `resource ${gateway.id} is not attached to network ${vpc.id}`);
  if (Object.values(allOf(call, 'natgateway')).some((nat) => nat.vpc === vpc.id && holdsAddress(nat, call)))
    throw new AwsError(
      'DependencyViolation',
      `Network ${vpc.id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
  gateway.vpc = undefined;
  call.world.touched();
  return {};
}

function describeAll(
  input: DescribeInternetGatewaysCommandInput,
  call: Call,
): Output<DescribeInternetGatewaysCommandOutput> {
  const { found, next } = described(call, 'internet-gateway', input, 'InternetGatewayIds', {
    'internet-gateway-id': ({ id }) => id,
    'attachment.vpc-id': ({ vpc }) => vpc ?? [],
    'attachment.state': ({ vpc }) => (vpc === undefined ? [] : 'available'),
  });
  return { InternetGateways: found.map((gateway) => describe(gateway, call)), ...next };
}

function describe({ id, vpc, tags }: InternetGateway, { account }: Call): AwsInternetGateway {
  return {
    InternetGatewayId: id,
    OwnerId: account,
    // EC2 calls an attachment of an internet gateway available, which its model leaves out
    Attachments: vpc === undefined ? [] : [{ VpcId: vpc, State: 'available' as 'attached' }],
    Tags: tagList(tags),
  };
}
