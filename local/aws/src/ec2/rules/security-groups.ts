import type {
  CreateSecurityGroupCommandInput,
  DeleteSecurityGroupCommandInput,
  IpPermission,
  UpdateSecurityGroupRuleDescriptionsIngressCommandInput,
} from '@aws-sdk/client-ec2';
import type { Rule } from '../../rules/rule.ts';
import { isRange } from '../cidr.ts';
import { type PermissionsAsked, PROTOCOL_NUMBERS, permissionsIn } from '../group-permissions.ts';
import { allOf } from '../kinds.ts';

const CREATE = 'CreateSecurityGroup - Amazon Elastic Compute Cloud';
const PERMISSION = 'IpPermission - Amazon Elastic Compute Cloud';
const RANGE = 'IpRange - Amazon Elastic Compute Cloud';
const AUTHORIZE = ['AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress'];
const REVOKE = ['RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress'];
const UPDATE = ['UpdateSecurityGroupRuleDescriptionsIngress', 'UpdateSecurityGroupRuleDescriptionsEgress'];

const SAID = /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/;

const one = (permission: IpPermission) => ({ GroupId: 'sg-1', IpPermissions: [permission] });
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const ANYWHERE = { IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

/** Security groups, and what a rule of one says. */
export const securityGroupRules: readonly Rule[] = [
  {
    operations: ['CreateSecurityGroup'],
    page: CREATE,
    says: 'A group name has up to 255 of the valid characters, does not start with sg- and is not default.',
    code: 'InvalidParameterValue',
    *mistakes({ GroupName = '' }: CreateSecurityGroupCommandInput) {
      if (GroupName === '' || !SAID.test(GroupName) || /^sg-/i.test(GroupName))
        yield `Value (${GroupName}) for parameter GroupName is invalid.`;
      if (GroupName.toLowerCase() === 'default') yield 'Cannot use reserved security group name: default';
    },
    shownBy: [
      { GroupName: 'sg-app' },
      { GroupName: 'x'.repeat(256) },
      { GroupName: 'größe' },
      { GroupName: '' },
      { GroupName: 'Default' },
    ],
  },
  {
    operations: ['CreateSecurityGroup'],
    page: CREATE,
    says: 'A group description has up to 255 of the valid characters.',
    code: 'InvalidParameterValue',
    *mistakes({ Description = '' }: CreateSecurityGroupCommandInput) {
      if (Description === '' || !SAID.test(Description))
        yield `Value (${Description}) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.`;
    },
    shownBy: [{ Description: 'größe' }, { Description: 'x'.repeat(256) }],
  },
  {
    operations: ['CreateSecurityGroup'],
    page: CREATE,
    says: 'Group names are case-insensitive and unique within the VPC.',
    code: 'InvalidGroup.Duplicate',
    *mistakes({ GroupName = '', VpcId }: CreateSecurityGroupCommandInput, call) {
      const same = ({ vpc, name }: { readonly vpc: string; readonly name: string }) =>
        vpc === VpcId && name.toLowerCase() === GroupName.toLowerCase();
      if (Object.values(allOf(call, 'security-group')).some(same))
        yield `The security group '${GroupName}' already exists for VPC '${VpcId}'`;
    },
    shownBy: 'ec2-refusals.test.ts',
  },
  {
    operations: ['DeleteSecurityGroup', ...AUTHORIZE, ...REVOKE, ...UPDATE],
    page: 'DeleteSecurityGroup - Amazon Elastic Compute Cloud',
    says: 'A group is named, in a VPC of your own by its id.',
    code: 'MissingParameter',
    *mistakes({ GroupId, GroupName }: DeleteSecurityGroupCommandInput) {
      if (GroupId === undefined && GroupName === undefined)
        yield 'The request must contain the parameter groupName or groupId';
    },
    shownBy: [{}],
  },
  {
    operations: [...AUTHORIZE, ...REVOKE],
    page: 'AuthorizeSecurityGroupIngress - Amazon Elastic Compute Cloud',
    says: 'Rules are told by IpPermissions or by the parameters of one rule, not by both.',
    code: 'InvalidParameterCombination',
    *mistakes(input: Readonly<Record<string, unknown>>) {
      const single = ['IpProtocol', 'FromPort', 'ToPort', 'CidrIp'].find((name) => input[name] !== undefined);
      if (input['IpPermissions'] !== undefined && single !== undefined)
        yield `The parameter 'ipPermissions' may not be used in combination with '${lowerFirst(single)}'`;
    },
    shownBy: [
      { ...one(ANYWHERE), IpProtocol: 'tcp' },
      { ...one(ANYWHERE), CidrIp: '10.0.0.0/8' },
    ],
  },
  {
    operations: AUTHORIZE,
    page: 'AuthorizeSecurityGroupIngress - Amazon Elastic Compute Cloud',
    says: 'The rules to add are given.',
    code: 'MissingParameter',
    *mistakes(input: PermissionsAsked) {
      if (permissionsIn(input).length === 0) yield 'The request must contain the parameter IpPermissions';
    },
    shownBy: [{ GroupId: 'sg-1' }],
  },
  {
    operations: REVOKE,
    page: 'RevokeSecurityGroupIngress - Amazon Elastic Compute Cloud',
    says: 'The rules to remove are given, by what they say or by id.',
    code: 'MissingParameter',
    *mistakes(input: PermissionsAsked) {
      if (permissionsIn(input).length + (input.SecurityGroupRuleIds?.length ?? 0) === 0)
        yield 'The request must contain the parameter IpPermissions or SecurityGroupRuleIds';
    },
    shownBy: [{ GroupId: 'sg-1' }],
  },
  {
    operations: [...AUTHORIZE, ...REVOKE],
    page: PERMISSION,
    says: 'A protocol is tcp, udp, icmp, icmpv6, a protocol number, or -1 for all.',
    code: 'InvalidParameterValue',
    *mistakes(input: PermissionsAsked) {
      for (const { IpProtocol = '' } of permissionsIn(input))
        if (protocolOf(IpProtocol) === undefined)
          yield `Invalid value '${IpProtocol}' for IP protocol. Unknown protocol.`;
    },
    shownBy: [
      one({ IpProtocol: 'http', ...ANYWHERE }),
      one({ IpProtocol: '256', ...ANYWHERE }),
      one({ ...ANYWHERE }),
    ],
  },
  {
    operations: [...AUTHORIZE, ...REVOKE],
    page: PERMISSION,
    says: 'TCP and UDP have a range of ports, ICMP a type and a code; all types have all codes.',
    code: 'InvalidParameterValue',
    *mistakes(input: PermissionsAsked) {
      for (const permission of permissionsIn(input)) yield* portMistakes(permission);
    },
    shownBy: [
      one({ IpProtocol: 'tcp', ...ANYWHERE }),
      one({ IpProtocol: '6', FromPort: 443, ...ANYWHERE }),
      one({ IpProtocol: 'udp', FromPort: 443, ToPort: 80, ...ANYWHERE }),
      one({ IpProtocol: 'tcp', FromPort: 0, ToPort: 65_536, ...ANYWHERE }),
      one({ IpProtocol: 'icmp', ...ANYWHERE }),
      one({ IpProtocol: 'icmp', FromPort: -1, ToPort: 8, ...ANYWHERE }),
      one({ IpProtocol: 'icmp', FromPort: 256, ToPort: -1, ...ANYWHERE }),
    ],
  },
  {
    operations: [...AUTHORIZE, ...REVOKE],
    page: RANGE,
    says: 'A range is written in CIDR notation.',
    code: 'InvalidParameterValue',
    *mistakes(input: PermissionsAsked) {
      const ranges = permissionsIn(input).flatMap(({ IpRanges = [] }) => IpRanges);
      for (const { CidrIp = '' } of ranges) if (!isRange(CidrIp)) yield `CIDR block ${CidrIp} is malformed`;
    },
    shownBy: [
      one({ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.1' }] }),
      { GroupId: 'sg-1', IpProtocol: '-1', CidrIp: '10.0.0.300/8' },
    ],
  },
  {
    operations: [...AUTHORIZE, ...REVOKE],
    page: RANGE,
    says: 'A rule is about a range, a group or a prefix list.',
    code: 'InvalidParameterValue',
    *mistakes(input: PermissionsAsked) {
      for (const { IpRanges, Ipv6Ranges, UserIdGroupPairs, PrefixListIds } of permissionsIn(input))
        if ([IpRanges, Ipv6Ranges, UserIdGroupPairs, PrefixListIds].every((peers) => !peers?.length))
          yield 'The request must contain a source or a destination for each rule.';
    },
    shownBy: [one({ IpProtocol: '-1' })],
  },
  {
    operations: AUTHORIZE,
    page: RANGE,
    says: 'A description of a rule has up to 255 of the valid characters.',
    code: 'InvalidParameterValue',
    *mistakes(input: PermissionsAsked) {
      for (const { IpRanges = [], UserIdGroupPairs = [] } of permissionsIn(input))
        for (const { Description } of [...IpRanges, ...UserIdGroupPairs])
          yield* descriptionMistakes(Description);
    },
    shownBy: [
      one({ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'größe' }] }),
      one({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-2', Description: 'x'.repeat(256) }] }),
    ],
  },
  {
    operations: UPDATE,
    page: 'UpdateSecurityGroupRuleDescriptionsIngress - Amazon Elastic Compute Cloud',
    says: 'Permissions or descriptions are given.',
    code: 'MissingParameter',
    *mistakes({
      IpPermissions,
      SecurityGroupRuleDescriptions,
    }: UpdateSecurityGroupRuleDescriptionsIngressCommandInput) {
      if (!IpPermissions?.length && !SecurityGroupRuleDescriptions?.length)
        yield 'The request must contain the parameter IpPermissions or SecurityGroupRuleDescriptions';
    },
    shownBy: [{ GroupId: 'sg-1' }, { GroupId: 'sg-1', SecurityGroupRuleDescriptions: [] }],
  },
  {
    operations: UPDATE,
    page: RANGE,
    says: 'A new description of a rule has up to 255 of the valid characters.',
    code: 'InvalidParameterValue',
    *mistakes({
      SecurityGroupRuleDescriptions = [],
    }: UpdateSecurityGroupRuleDescriptionsIngressCommandInput) {
      for (const { Description } of SecurityGroupRuleDescriptions) yield* descriptionMistakes(Description);
    },
    shownBy: [
      { SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: 'sgr-1', Description: 'x'.repeat(256) }] },
    ],
  },
];

/** The name of a protocol, or its number where a rule has no name for it. */
function protocolOf(given: string): string | undefined {
  if (['-1', 'tcp', 'udp', 'icmp', 'icmpv6'].includes(given)) return given;
  return /^\d{1,3}$/.test(given) && Number(given) <= 255 ? (PROTOCOL_NUMBERS[given] ?? given) : undefined;
}

function* portMistakes({ IpProtocol = '', FromPort: from, ToPort: to }: IpPermission): Iterable<string> {
  const protocol = protocolOf(IpProtocol);
  if (protocol === 'tcp' || protocol === 'udp') {
    if (from === undefined || to === undefined || from < 0 || to < 0 || from > 65_535 || to > 65_535)
      yield 'Invalid value for portRange. Must specify both from and to ports with TCP/UDP.';
    else if (from > to) yield `Invalid TCP/UDP port range (${from}:${to})`;
  }
  if (protocol !== 'icmp') return;
  const sound = (value: number) => value >= -1 && value <= 255;
  if (from === undefined || to === undefined || !sound(from) || !sound(to) || (from === -1 && to !== -1))
    yield 'Invalid value for portRange. Must specify both type and code with ICMP, and all codes with all types.';
}

function* descriptionMistakes(description: string | undefined): Iterable<string> {
  if (description !== undefined && !SAID.test(description))
    yield 'Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*';
}
