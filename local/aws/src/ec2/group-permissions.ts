import type { IpPermission } from '@aws-sdk/client-ec2';
import { AwsError } from '../world/service.ts';
import { canonical } from './cidr.ts';
import { find, type Here } from './kinds.ts';
import type { GroupRule, SecurityGroup } from './state.ts';

type Peered = Omit<GroupRule, 'id' | 'egress' | 'tags'>;

const NUMBERS: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp', '1': 'icmp' };

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
      peer: { cidr: canonical(CidrIp, 'cidrIp') },
      description: Description,
    }));
    const groups = UserIdGroupPairs.map(({ GroupId, Description }) => ({
      ...traffic,
      peer: { group: peerOf(group, GroupId, here) },
      description: Description,
    }));
    if (ranges.length + groups.length === 0)
      throw new AwsError(
        'InvalidParameterValue',
        'The request must contain a source or a destination for each rule.',
      );
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

function trafficOf({ IpProtocol = '', FromPort, ToPort }: IpPermission) {
  const protocol = NUMBERS[IpProtocol] ?? IpProtocol;
  if (protocol === '-1') return { protocol, from: -1, to: -1 };
  if (!['tcp', 'udp', 'icmp'].includes(protocol))
    throw new AwsError(
      'InvalidParameterValue',
      `Invalid value '${IpProtocol}' for IP protocol. Unknown protocol.`,
    );
  const [from, to] = [FromPort ?? -1, ToPort ?? -1];
  const sound = (port: number) => port >= 0 && port <= 65_535;
  if (protocol !== 'icmp' && !(sound(from) && sound(to) && from <= to))
    throw new AwsError(
      'InvalidParameterValue',
      `Invalid value for portRange. Must specify both from and to ports with ${protocol.toUpperCase()}/UDP.`.replace(
        'UDP/UDP',
        'TCP/UDP',
      ),
    );
  return { protocol, from, to };
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
