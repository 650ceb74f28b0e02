import type {
  SecurityGroup as AwsSecurityGroup,
  CreateSecurityGroupCommandInput,
  CreateSecurityGroupCommandOutput,
  DeleteSecurityGroupCommandInput,
  DeleteSecurityGroupCommandOutput,
  DescribeSecurityGroupsCommandInput,
  DescribeSecurityGroupsCommandOutput,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { withinQuota } from '../world/quotas.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { isUsed } from './dependencies.ts';
import { described } from './describe.ts';
import { permissionsOf } from './group-permissions.ts';
import { allOf, arnOf, find, newId } from './kinds.ts';
import type { GroupRule, SecurityGroup } from './state.ts';
import { tagList, tagsIn } from './tags.ts';

export const securityGroupOperations: Readonly<Record<string, Handler>> = {
  CreateSecurityGroup: createSecurityGroup,
  DeleteSecurityGroup: deleteSecurityGroup,
  DescribeSecurityGroups: describeSecurityGroups,
};

/** The rule that EC2 gives a group, until somebody revokes it. */
export const ALL_OUT: Omit<GroupRule, 'id'> = {
  egress: true,
  protocol: '-1',
  from: -1,
  to: -1,
  peer: { cidr: '0.0.0.0/0' },
  description: undefined,
  tags: {},
};

function createSecurityGroup(
  input: CreateSecurityGroupCommandInput,
  call: Call,
): Output<CreateSecurityGroupCommandOutput> {
  const { GroupName: name = '', Description: description = '' } = input;
  if (input.VpcId === undefined) throw new AwsError('VPCIdNotSpecified', 'No default VPC for this user');
  const vpc = find(call, 'vpc', input.VpcId);
  const all = allOf(call, 'security-group');
  const tags = tagsIn(input.TagSpecifications);
  withinQuota(call, 'securityGroups', Object.keys(all).length);
  const id = newId(call, 'sg');
  all[id] = {
    id,
    vpc: vpc.id,
    name,
    description,
    rules: [{ id: newId(call, 'sgr'), ...ALL_OUT }],
    tags,
  };
  call.world.touched();
  return { GroupId: id, SecurityGroupArn: arnOf(call, 'security-group', id), Tags: tagList(tags) };
}

function deleteSecurityGroup(
  input: DeleteSecurityGroupCommandInput,
  call: Call,
): Output<DeleteSecurityGroupCommandOutput> {
  const group = find(call, 'security-group', input.GroupId);
  if (group.name === 'default')
    throw new AwsError(
      'CannotDelete',
      `the specified group: "${group.id}" name: "default" cannot be deleted by a user`,
    );
  if (isUsed(call, group))
    throw new AwsError('DependencyViolation', `resource ${group.id} has a dependent object`);
  delete allOf(call, 'security-group')[group.id];
  call.world.touched();
  return { Return: true, GroupId: group.id };
}

function describeSecurityGroups(
  { GroupNames, ...input }: DescribeSecurityGroupsCommandInput,
  call: Call,
): Output<DescribeSecurityGroupsCommandOutput> {
  if (GroupNames !== undefined)
    throw new AwsError(
      'VPCIdNotSpecified',
      'No default VPC for this user. Names are of groups of a default VPC: filter by group-name.',
    );
  const peers = ({ rules = [] }: SecurityGroup, egress: boolean, of: 'cidr' | 'group') =>
    rules.filter((rule) => rule.egress === egress).flatMap(({ peer }) => Reflect.get(peer, of) ?? []);
  const { found, next } = described(call, 'security-group', input, 'GroupIds', {
    'group-id': ({ id }) => id,
    'group-name': ({ name }) => name,
    'vpc-id': ({ vpc }) => vpc,
    description: (group) => descriptionOf(group),
    'ip-permission.cidr': (group) => peers(group, false, 'cidr'),
    'ip-permission.group-id': (group) => peers(group, false, 'group'),
    'egress.ip-permission.cidr': (group) => peers(group, true, 'cidr'),
    'egress.ip-permission.group-id': (group) => peers(group, true, 'group'),
  });
  return { SecurityGroups: found.map((group) => describe(group, call)), ...next };
}

const descriptionOf = ({ description, name }: SecurityGroup) => description ?? name;

function describe(group: SecurityGroup, call: Call): AwsSecurityGroup {
  const { id, vpc, name, rules = [], tags } = group;
  return {
    GroupId: id,
    GroupName: name,
    Description: descriptionOf(group),
    VpcId: vpc,
    OwnerId: call.account,
    SecurityGroupArn: arnOf(call, 'security-group', id),
    IpPermissions: permissionsOf(
      rules.filter(({ egress }) => !egress),
      call,
    ),
    IpPermissionsEgress: permissionsOf(
      rules.filter(({ egress }) => egress),
      call,
    ),
    Tags: tagList(tags),
  };
}
