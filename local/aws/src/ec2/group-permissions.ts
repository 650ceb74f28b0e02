import type { IpPermission } from '@aws-sdk/client-ec2';
import { AwsError } from '../world/service.ts';
import { canonical } from './cidr.ts';
import { find, type Here } from './kinds.ts';
import type { GroupRule, SecurityGroup } from './state.ts';

type Peered = Omit<GroupRule, 'id' | 'egress' | 'tags'>;

/** Protocols that rules name, by their numbers. */
export const PROTOCOL_NUMBERS: Readonly<Record<string, string>> = {
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '58': 'icmpv6',
};

/** How a request names rules of a group. */
export interface PermissionsAsked {
  readonly GroupId?: string | undefined;
  readonly IpPermissions?: IpPermission[] | undefined;
  /** One rule in short, as `aws ec2` sends `--protocol`, `--port` and `--cidr`. */
  readonly IpProtocol?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
  readonly CidrIp?: string | undefined;
  readonly SecurityGroupRuleIds?: string[] | undefined;
}

export function permissionsIn(input: PermissionsAsked): readonly IpPermission[] {
  const { IpProtocol, FromPort, ToPort, CidrIp, IpPermissions } = input;
  if (IpPermissions !== undefined) return IpPermissions;
  return IpProtocol === undefined
    ? []
    : [{ IpProtocol, FromPort, ToPort, IpRanges: CidrIp === undefined ? [] : [{ CidrIp }] }];
}

/** The single rules in a request: one for each range and group that it names. */
export function rulesIn(
  permissions: readonly IpPermission[],
  group: SecurityGroup,
  here: Here,
): readonly Peered[] {
  return permissions.flatMap((permission) => {
    const { IpRanges = [], UserIdGroupPairs = [], Ipv6Ranges = [], PrefixListIds = [] } = permission;
    if (Ipv6Ranges.length + PrefixListIds.length > 0)
      throw new AwsError('NotImplemented', 'local-aws knows no IPv6 ranges and prefix lists in rules.', 501);
    const traffic = trafficOf(permission);
    const ranges = IpRanges.map(({ CidrIp, Description }) => ({
      ...traffic,
      peer: { cidr: canonical(CidrIp ?? '') },
      description: Description,
    }));
    const groups = UserIdGroupPairs.map(({ GroupId, Description }) => ({
      ...traffic,
      peer: { group: peerOf(group, GroupId, here) },
      description: Description,
    }));
    return [...ranges, ...groups];
  });
}

function peerOf({ vpc }: SecurityGroup, id: string | undefined, here: Here): string {
  const peer = find(here, 'security-group', id);
  if (peer.vpc === vpc) return peer.id;
  throw new AwsError(
    'InvalidGroup.NotFound',
    `You have specified two resources that belong to different networks: ${vpc} and ${peer.vpc}.`,
  );
}

/** Only TCP, UDP and ICMP have ports; of any other protocol a rule is about all of them. */
function trafficOf({ IpProtocol = '', FromPort = -1, ToPort = -1 }: IpPermission) {
  const protocol = (/^\d+$/.test(IpProtocol) && PROTOCOL_NUMBERS[IpProtocol]) || IpProtocol;
  if (protocol === 'icmpv6') throw new AwsError('NotImplemented', 'local-aws knows no ICMPv6 in rules.', 501);
  return ['tcp', 'udp', 'icmp'].includes(protocol)
    ? { protocol, from: FromPort, to: ToPort }
    : { protocol, from: -1, to: -1 };
}

export function samePeered(one: Peered, other: Peered): boolean {
  return (
    one.protocol === other.protocol &&
    one.from === other.from &&
    one.to === other.to &&
    JSON.stringify(one.peer) === JSON.stringify(other.peer)
  );
}

/** As EC2 tells a rule in its refusals. */
export function saidOf({ peer, protocol, from, to }: Peered): string {
  const who = 'cidr' in peer ? peer.cidr : peer.group;
  const ports = protocol === '-1' ? 'ALL' : `${protocol.toUpperCase()}, from port: ${from}, to port: ${to}`;
  return `peer: ${who}, ${ports}, ALLOW`;
}

/** Rules in one direction, those of the same ports together, as EC2 describes a group. */
export function permissionsOf(rules: readonly GroupRule[], { account }: Here): IpPermission[] {
  const by = Map.groupBy(rules, ({ protocol, from, to }) => `${protocol} ${from} ${to}`);
  return [...by.values()].map((together) => {
    const [first] = together;
    return {
      IpProtocol: first?.protocol,
      ...(first?.protocol !== '-1' && { FromPort: first?.from, ToPort: first?.to }),
      IpRanges: together.flatMap(({ peer, description }) =>
        'cidr' in peer
          ? [{ CidrIp: peer.cidr, ...(description !== undefined && { Description: description }) }]
          : [],
      ),
      UserIdGroupPairs: together.flatMap(({ peer, description }) =>
        'group' in peer
          ? [
              {
                GroupId: peer.group,
                UserId: account,
                ...(description !== undefined && { Description: description }),
              },
            ]
          : [],
      ),
      Ipv6Ranges: [],
      PrefixListIds: [],
    };
  });
}
