import type {
  AuthorizeSecurityGroupEgressCommandInput,
  AuthorizeSecurityGroupIngressCommandInput,
  AuthorizeSecurityGroupIngressCommandOutput,
  SecurityGroupRule as AwsRule,
  DescribeSecurityGroupRulesCommandInput,
  DescribeSecurityGroupRulesCommandOutput,
  RevokeSecurityGroupEgressCommandInput,
  RevokeSecurityGroupIngressCommandInput,
  RevokeSecurityGroupIngressCommandOutput,
  SecurityGroupRuleDescription,
  TagSpecification,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { withinQuota } from '../world/quotas.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { described } from './describe.ts';
import { type PermissionsAsked, permissionsIn, rulesIn, saidOf, samePeered } from './group-permissions.ts';
import { allOf, arnOf, find, newId } from './kinds.ts';
import type { GroupRule } from './state.ts';
import { tagList, tagsIn } from './tags.ts';

export const securityGroupRuleOperations: Readonly<Record<string, Handler>> = {
  AuthorizeSecurityGroupIngress: (input: AuthorizeSecurityGroupIngressCommandInput, call) =>
    authorize('AuthorizeSecurityGroupIngress', input, call),
  AuthorizeSecurityGroupEgress: (input: AuthorizeSecurityGroupEgressCommandInput, call) =>
    authorize('AuthorizeSecurityGroupEgress', input, call),
  RevokeSecurityGroupIngress: (input: RevokeSecurityGroupIngressCommandInput, call) =>
    revoke('RevokeSecurityGroupIngress', input, call),
  RevokeSecurityGroupEgress: (input: RevokeSecurityGroupEgressCommandInput, call) =>
    revoke('RevokeSecurityGroupEgress', input, call),
  DescribeSecurityGroupRules: describeRules,
  UpdateSecurityGroupRuleDescriptionsIngress: setDescriptions,
  UpdateSecurityGroupRuleDescriptionsEgress: setDescriptions,
};

interface Asked extends PermissionsAsked {
  readonly TagSpecifications?: TagSpecification[] | undefined;
}

function authorize(
  operation: string,
  input: Asked,
  call: Call,
): Output<AuthorizeSecurityGroupIngressCommandOutput> {
  const group = find(call, 'security-group', input.GroupId);
  const egress = operation.endsWith('Egress');
  const { rules = [] } = group;
  const there = rules.filter((rule) => rule.egress === egress);
  const asked = rulesIn(permissionsIn(input), group, call);
  const twice = asked.find((rule, i) =>
    [...there, ...asked.slice(0, i)].some((other) => samePeered(rule, other)),
  );
  if (twice)
    throw new AwsError('InvalidPermission.Duplicate', `the specified rule "${saidOf(twice)}" already exists`);
  const tags = tagsIn(input.TagSpecifications);
  withinQuota(call, 'groupRules', there.length, asked.length);
  const made = asked.map((rule): GroupRule => ({ ...rule, id: newId(call, 'sgr'), egress, tags }));
  group.rules = [...rules, ...made];
  call.world.touched();
  return { Return: true, SecurityGroupRules: made.map((rule) => describe(rule, group.id, call)) };
}

/** By rule, or by what the rules say; what is not there is refused, and then nothing is revoked. */
function revoke(
  operation: string,
  input: Asked,
  call: Call,
): Output<RevokeSecurityGroupIngressCommandOutput> {
  const group = find(call, 'security-group', input.GroupId);
  const egress = operation.endsWith('Egress');
  const { rules = [] } = group;
  const there = rules.filter((rule) => rule.egress === egress);
  const asked = rulesIn(permissionsIn(input), group, call).map((one) =>
    there.find((rule) => samePeered(one, rule)),
  );
  const named = (input.SecurityGroupRuleIds ?? []).map((id) => {
    find(call, 'security-group-rule', id);
    return there.find((rule) => rule.id === id);
  });
  const going = [...asked, ...named];
  if (going.includes(undefined))
    throw new AwsError(
      'InvalidPermission.NotFound',
      'The specified rule does not exist in this security group.',
    );
  group.rules = rules.filter((rule) => !going.includes(rule));
  call.world.touched();
  return { Return: true };
}

interface Describing {
  readonly GroupId?: string | undefined;
  readonly SecurityGroupRuleDescriptions?: SecurityGroupRuleDescription[] | undefined;
}

function setDescriptions(input: Describing, call: Call): object {
  const group = find(call, 'security-group', input.GroupId);
  const said = new Map(
    (input.SecurityGroupRuleDescriptions ?? []).map((one) => [one.SecurityGroupRuleId, one.Description]),
  );
  for (const id of said.keys()) find(call, 'security-group-rule', id);
  group.rules = (group.rules ?? []).map((rule) =>
    said.has(rule.id) ? { ...rule, description: said.get(rule.id) } : rule,
  );
  call.world.touched();
  return { Return: true };
}

function describeRules(
  input: DescribeSecurityGroupRulesCommandInput,
  call: Call,
): Output<DescribeSecurityGroupRulesCommandOutput> {
  const groupOf = ({ id }: GroupRule) =>
    Object.values(allOf(call, 'security-group')).find(({ rules }) => rules?.some((rule) => rule.id === id))
      ?.id ?? '';
  const { found, next } = described(call, 'security-group-rule', input, 'SecurityGroupRuleIds', {
    'group-id': groupOf,
    'security-group-rule-id': ({ id }) => id,
  });
  return { SecurityGroupRules: found.map((rule) => describe(rule, groupOf(rule), call)), ...next };
}

function describe(rule: GroupRule, group: string, call: Call): AwsRule {
  const { id, egress, protocol, from, to, peer, description, tags } = rule;
  return {
    SecurityGroupRuleId: id,
    SecurityGroupRuleArn: arnOf(call, 'security-group-rule', id),
    GroupId: group,
    GroupOwnerId: call.account,
    IsEgress: egress,
    IpProtocol: protocol,
    FromPort: from,
    ToPort: to,
    ...('cidr' in peer
      ? { CidrIpv4: peer.cidr }
      : { ReferencedGroupInfo: { GroupId: peer.group, UserId: call.account } }),
    ...(description !== undefined && { Description: description }),
    Tags: tagList(tags),
  };
}
