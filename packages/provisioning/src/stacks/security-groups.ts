import type { NetworkedEnvironment } from './networked-environment.ts';
import { att, logicalId, type Resources, ref, tagList, type Value } from './template.ts';

export const groupId = (layer: string): string => logicalId('group', layer);

/**
 * A security group for each layer, with the rules of the layer matrix and no others. A rule is a resource of its own, so
 * that layers may lead to each other in a circle.
 */
export function securityGroups(place: NetworkedEnvironment): Resources {
  const { network, environment, tags } = place;
  const groups = Object.keys(network.layers).map((layer) => [
    groupId(layer),
    group(
      place,
      `${tags['tenant']}-${place.name}-${layer}`,
      `The layer ${layer} of ${tags['tenant']} ${place.name}`,
      layer,
    ),
  ]);
  const rules = environment.layerEdges.flatMap(({ from, to, ports, protocol }) =>
    ports.flatMap((range) => {
      const [low = 0, high = low] = range.split('-').map(Number);
      const traffic = { IpProtocol: protocol, FromPort: low, ToPort: high };
      const id = logicalId(from, 'to', to, protocol, range);
      return [
        ...ends(place, to).flatMap((end) =>
          'group' in end
            ? sources(place, from).map((source, i) =>
                ingress(`${id}In${i || ''}`, end.group, source, traffic),
              )
            : [],
        ),
        ...ends(place, from).flatMap((end) =>
          'group' in end
            ? targets(place, to).map((target, i) => egress(`${id}Out${i || ''}`, end.group, target, traffic))
            : [],
        ),
      ];
    }),
  );
  return { ...Object.fromEntries(groups), ...endpointRules(place), ...Object.fromEntries(rules) };
}

function group({ tags }: NetworkedEnvironment, name: string, description: string, layer: string) {
  return {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: description,
      GroupName: name,
      VpcId: ref('Vpc'),
      // Without a rule EC2 adds one that lets everything out; this one lets nothing out.
      SecurityGroupEgress: [
        {
          IpProtocol: 'icmp',
          FromPort: 252,
          ToPort: 86,
          CidrIp: '255.255.255.255/32',
          Description: 'nothing',
        },
      ],
      Tags: tagList({ ...tags, layer, Name: name }),
    },
  };
}

type End = { readonly group: Value } | { readonly cidr: string };

/** A layer is its group, a link to the customer its ranges. */
function ends({ network }: NetworkedEnvironment, name: string): readonly End[] {
  if (network.layers[name] !== undefined) return [{ group: att(groupId(name), 'GroupId') }];
  return (network.links?.[name]?.cidrs ?? []).map((cidr) => ({ cidr }));
}

const sources = (place: NetworkedEnvironment, name: string) =>
  ends(place, name).map((end) =>
    'group' in end ? { SourceSecurityGroupId: end.group } : { CidrIp: end.cidr },
  );
const targets = (place: NetworkedEnvironment, name: string) =>
  ends(place, name).map((end) =>
    'group' in end ? { DestinationSecurityGroupId: end.group } : { CidrIp: end.cidr },
  );

const ingress = (id: string, group: Value, source: object, traffic: object) =>
  [
    id,
    { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { GroupId: group, ...source, ...traffic } },
  ] as const;
const egress = (id: string, group: Value, target: object, traffic: object) =>
  [
    id,
    { Type: 'AWS::EC2::SecurityGroupEgress', Properties: { GroupId: group, ...target, ...traffic } },
  ] as const;

const HTTPS = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };

/** Every layer reaches AWS's endpoints; one that may leave by NAT reaches the internet by HTTPS. */
function endpointRules(place: NetworkedEnvironment): Resources {
  const { network, environment, tags } = place;
  const name = `${tags['tenant']}-${place.name}-endpoints`;
  const rules = Object.entries(network.layers).flatMap(([layer, { egress: way }]) => {
    const from = att(groupId(layer), 'GroupId');
    const endpoints = { DestinationSecurityGroupId: att('GroupEndpoints', 'GroupId') };
    const out =
      way === 'nat' ? [egress(logicalId(layer, 'to', 'internet'), from, { CidrIp: '0.0.0.0/0' }, HTTPS)] : [];
    return [egress(logicalId(layer, 'to', 'endpoints'), from, endpoints, HTTPS), ...out];
  });
  return {
    GroupEndpoints: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: `Endpoints of AWS services in ${tags['tenant']} ${place.name}`,
        GroupName: name,
        VpcId: ref('Vpc'),
        SecurityGroupIngress: [{ ...HTTPS, CidrIp: environment.vpc.cidr, Description: 'from the VPC' }],
        Tags: tagList({ ...tags, Name: name }),
      },
    },
    ...Object.fromEntries(rules),
  };
}
