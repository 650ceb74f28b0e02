import type {
  AuthorizeSecurityGroupIngressCommandOutput,
  CreateSecurityGroupCommandOutput,
  IpPermission,
} from '@aws-sdk/client-ec2';
import { allOf, type Here } from '../../ec2/kinds.ts';
import { ALL_OUT } from '../../ec2/security-groups.ts';
import type { GroupRule, SecurityGroup } from '../../ec2/state.ts';
import { AwsError } from '../../world/service.ts';
import type { Making, Properties, ResourceType } from '../resource-type.ts';
import { ask, given, knowing, stepsOrUndo } from './network-properties.ts';
import { readTags, retag, tagged } from './network-tags.ts';
import { numberOf, text } from './values.ts';

type Direction = 'Ingress' | 'Egress';

/** The word for a rule's other end that is a group. */
const PEER = { Ingress: 'SourceSecurityGroupId', Egress: 'DestinationSecurityGroupId' } as const;

/** A rule of a template as requests have it. */
function permission(rule: Properties, direction: Direction): IpPermission {
  const known = ['IpProtocol', 'FromPort', 'ToPort', 'CidrIp', PEER[direction], 'Description', 'GroupId'];
  const others = Object.keys(rule).filter((name) => !known.includes(name));
  if (others.length > 0)
    throw new AwsError('NotImplemented', `local-aws does not know ${others.join(', ')} of a rule.`, 501);
  const group = text(rule, PEER[direction]);
  const said = given({ Description: text(rule, 'Description') });
  return given({
    IpProtocol: text(rule, 'IpProtocol'),
    FromPort: numberOf(rule, 'FromPort'),
    ToPort: numberOf(rule, 'ToPort'),
    ...(group === undefined
      ? { IpRanges: [{ CidrIp: text(rule, 'CidrIp'), ...said }] }
      : { UserIdGroupPairs: [{ GroupId: group, ...said }] }),
  }) as IpPermission; // without members that are undefined
}

/** A rule that is there in the words of a template. */
function readRule({ egress, protocol, from, to, peer, description }: GroupRule): Properties {
  return given({
    IpProtocol: protocol,
    ...(protocol !== '-1' && { FromPort: from, ToPort: to }),
    ...('cidr' in peer ? { CidrIp: peer.cidr } : { [PEER[egress ? 'Egress' : 'Ingress']]: peer.group }),
    Description: description,
  });
}

const inlineOf = (properties: Properties, direction: Direction): readonly Properties[] => {
  const rules = properties[`SecurityGroup${direction}`];
  return Array.isArray(rules) ? rules : [];
};

const EVERYTHING = { IpProtocol: '-1', CidrIp: '0.0.0.0/0' };

/** What a group has by its template: without a rule for the way out, EC2's own, which lets everything out. */
function wanted(properties: Properties, direction: Direction): readonly Properties[] {
  const rules = inlineOf(properties, direction);
  return rules.length === 0 && direction === 'Egress' ? [EVERYTHING] : rules;
}

/** Authorises what is new and revokes what is gone. */
async function setRules(made: Making, GroupId: string, was: (direction: Direction) => readonly Properties[]) {
  for (const direction of ['Ingress', 'Egress'] as const) {
    const key = (rule: Properties) => JSON.stringify(permission(rule, direction));
    const [before, after] = [was(direction), wanted(made.properties, direction)];
    const gone = before.filter((rule) => !after.some((other) => key(other) === key(rule)));
    const more = after.filter((rule) => !before.some((other) => key(other) === key(rule)));
    const request = (rules: readonly Properties[]) => ({
      GroupId,
      IpPermissions: rules.map((rule) => permission(rule, direction)),
    });
    if (gone.length > 0) await ask(made, `RevokeSecurityGroup${direction}`, request(gone));
    if (more.length > 0) await ask(made, `AuthorizeSecurityGroup${direction}`, request(more));
  }
}

const group: ResourceType = {
  type: 'AWS::EC2::SecurityGroup',
  create: async (_world, made) => {
    const { properties } = made;
    const { GroupId = '' } = await ask<CreateSecurityGroupCommandOutput>(made, 'CreateSecurityGroup', {
      GroupName: text(properties, 'GroupName') ?? made.newName(255),
      Description: text(properties, 'GroupDescription'),
      VpcId: text(properties, 'VpcId'),
      ...tagged(made, 'security-group'),
    });
    await stepsOrUndo(
      () => setRules(made, GroupId, (direction) => (direction === 'Egress' ? [EVERYTHING] : [])),
      () => ask(made, 'DeleteSecurityGroup', { GroupId }),
    );
    return GroupId;
  },
  update: async (_world, id, made, before) => {
    await setRules(made, id, (direction) => wanted(before, direction));
    await retag(made, id, before);
  },
  remove: async (_world, id, made) => {
    await ask(made, 'DeleteSecurityGroup', { GroupId: id });
  },
  read: (world, id, made) => {
    const found = allOf({ world, ...made }, 'security-group')[id];
    return (
      found && {
        GroupName: found.name,
        GroupDescription: found.description ?? found.name,
        VpcId: found.vpc,
        ...readInline(found, 'Ingress', made.properties),
        ...readInline(found, 'Egress', made.properties),
        ...readTags(found.tags),
      }
    );
  },
  attributes: (world, id, made) => ({
    GroupId: id,
    Id: id,
    VpcId: allOf({ world, ...made }, 'security-group')[id]?.vpc,
  }),
};

/** Rules of the group itself, in the template's order, others behind. Those of other resources of a stack are not among them. */
function readInline({ rules = [] }: SecurityGroup, direction: Direction, properties: Properties): Properties {
  const own = rules.filter((rule) => rule.egress === (direction === 'Egress') && rule.separate === undefined);
  const order = inlineOf(properties, direction).map((rule) => JSON.stringify(permission(rule, direction)));
  const place = (rule: Properties) => {
    const at = order.indexOf(JSON.stringify(permission(rule, direction)));
    return at < 0 ? order.length : at;
  };
  const read = own.map(readRule).toSorted((a, b) => place(a) - place(b));
  const { egress, ...out } = ALL_OUT;
  const usual = egress && own.length === 1 && own.every((rule) => isLike(rule, out)) && order.length === 0;
  return read.length === 0 || (direction === 'Egress' && usual)
    ? {}
    : { [`SecurityGroup${direction}`]: read };
}

function isLike(rule: GroupRule, { protocol, peer }: Pick<GroupRule, 'protocol' | 'peer'>): boolean {
  return rule.protocol === protocol && JSON.stringify(rule.peer) === JSON.stringify(peer);
}

function rule(direction: Direction): ResourceType {
  const find = (here: Here, id: string) => {
    const groups = Object.values(allOf(here, 'security-group'));
    const of = groups.find(({ rules = [] }) => rules.some((one) => one.id === id));
    const found = of?.rules?.find((one) => one.id === id);
    return of && found && { of, found };
  };
  return {
    type: `AWS::EC2::SecurityGroup${direction}`,
    create: async (world, made) => {
      const { properties } = made;
      const { SecurityGroupRules } = await ask<AuthorizeSecurityGroupIngressCommandOutput>(
        made,
        `AuthorizeSecurityGroup${direction}`,
        { GroupId: text(properties, 'GroupId'), IpPermissions: [permission(properties, direction)] },
      );
      const id = SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? '';
      const { of } = find({ world, ...made }, id) ?? {};
      if (of) of.rules = (of.rules ?? []).map((one) => (one.id === id ? { ...one, separate: true } : one));
      return id;
    },
    update: async (_world, id, made) => {
      await ask(made, `UpdateSecurityGroupRuleDescriptions${direction}`, {
        GroupId: text(made.properties, 'GroupId'),
        SecurityGroupRuleDescriptions: [
          given({ SecurityGroupRuleId: id, Description: text(made.properties, 'Description') }),
        ],
      });
    },
    remove: async (_world, id, made) => {
      await ask(made, `RevokeSecurityGroup${direction}`, {
        GroupId: text(made.properties, 'GroupId'),
        SecurityGroupRuleIds: [id],
      });
    },
    read: (world, id, made) => {
      const known = find({ world, ...made }, id);
      return known && { GroupId: known.of.id, ...readRule(known.found) };
    },
    attributes: (_world, id) => ({ Id: id }),
  };
}

const ofRule = ['GroupId', 'IpProtocol', 'FromPort', 'ToPort', 'CidrIp', 'Description'];

export const groupTypes: readonly ResourceType[] = [
  knowing(
    ['GroupName', 'GroupDescription', 'VpcId', 'SecurityGroupIngress', 'SecurityGroupEgress', 'Tags'],
    group,
  ),
  knowing([...ofRule, PEER.Ingress], rule('Ingress')),
  knowing([...ofRule, PEER.Egress], rule('Egress')),
];
