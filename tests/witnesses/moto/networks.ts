import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteVpcCommand,
  ReleaseAddressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { ec2Subnets } from '@tenant-delivery/aws/ec2/subnets';
import type { Exchange } from '../../stage/a-double.ts';

const PORT = (port: number, group: string) => ({
  GroupId: group,
  IpPermissions: [
    { IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '10.20.0.0/16' }] },
  ],
});

export const NETWORKS: readonly Exchange[] = [
  ['whose key it is', async ({ sts }) => (await sts.send(new GetCallerIdentityCommand({}))).Account],
  [
    'a VPC',
    async ({ ec2, left }) => {
      const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.20.0.0/16' }));
      left.vpc = Vpc?.VpcId ?? '';
      return [Vpc?.CidrBlock, Vpc?.IsDefault];
    },
  ],
  ['a VPC that is too large', ({ ec2 }) => ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/8' }))],
  [
    'a subnet',
    async ({ ec2, left }) => {
      const { Subnet } = await ec2.send(
        new CreateSubnetCommand({ VpcId: left.vpc, CidrBlock: '10.20.0.0/24' }),
      );
      left.subnet = Subnet?.SubnetId ?? '';
      return [Subnet?.CidrBlock, Subnet?.AvailableIpAddressCount];
    },
  ],
  ...[
    ['that overlaps another', '10.20.0.128/25'],
    ['outside its VPC', '10.99.0.0/24'],
    ['that is too small', '10.20.5.0/29'],
  ].map(
    ([what, CidrBlock]): Exchange => [
      `a subnet ${what}`,
      ({ ec2, left }) => ec2.send(new CreateSubnetCommand({ VpcId: left.vpc, CidrBlock })),
    ],
  ),
  [
    'a subnet of no VPC',
    ({ ec2 }) =>
      ec2.send(new CreateSubnetCommand({ VpcId: 'vpc-0123456789abcdef0', CidrBlock: '10.20.9.0/24' })),
  ],
  [
    'adapter: the free addresses of a subnet',
    async ({ config, left }) => {
      const found = await ec2Subnets(config)([left.subnet]);
      return found.map(({ free, vpc }) => [free, vpc === left.vpc]);
    },
  ],
  ['adapter: a subnet that is not there', ({ config }) => ec2Subnets(config)(['subnet-0123456789abcdef0'])],
  [
    'a security group',
    async ({ ec2, left }) => {
      const asked = { VpcId: left.vpc, GroupName: 'app', Description: 'app' };
      const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand(asked));
      left.group = GroupId;
      return GroupId.replace(/[0-9a-f]+$/, '');
    },
  ],
  [
    'a second group of the same name',
    ({ ec2, left }) =>
      ec2.send(new CreateSecurityGroupCommand({ VpcId: left.vpc, GroupName: 'app', Description: 'app' })),
  ],
  [
    'a rule',
    async ({ ec2, left }) =>
      (await ec2.send(new AuthorizeSecurityGroupIngressCommand(PORT(8080, left.group)))).Return,
  ],
  [
    'the same rule again',
    ({ ec2, left }) => ec2.send(new AuthorizeSecurityGroupIngressCommand(PORT(8080, left.group))),
  ],
  [
    'a rule that is not there is taken away',
    ({ ec2, left }) => ec2.send(new RevokeSecurityGroupIngressCommand(PORT(9090, left.group))),
  ],
  ['a VPC with a subnet is deleted', ({ ec2, left }) => ec2.send(new DeleteVpcCommand({ VpcId: left.vpc }))],
  [
    'an address that is not there is released',
    ({ ec2 }) => ec2.send(new ReleaseAddressCommand({ AllocationId: 'eipalloc-0123456789abcdef0' })),
  ],
];
