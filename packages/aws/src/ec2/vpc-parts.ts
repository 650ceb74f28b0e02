import type { Tag } from '@aws-sdk/client-ec2';
import type { Observed } from '@tenant-delivery/provisioning/draft/observed';
import { everyRow } from '../errors/every-row.ts';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { ec2Client } from './ec2-client.ts';

interface Whose {
  readonly tenant: string;
  readonly environment: string;
}

/** The VPC of some subnets, with all subnets and security groups that are tagged for the environment. */
export async function partsOfVpc(
  config: ClientConfig,
  subnets: readonly string[],
  { tenant, environment }: Whose,
): Promise<{ readonly vpc: NonNullable<Observed['vpc']> } & Pick<Observed, 'subnets' | 'securityGroups'>> {
  const ec2 = ec2Client(config);
  const described = (name: string, values: readonly string[]) => {
    const asked = { Filters: [{ Name: name, Values: [...values] }] };
    const pages = ec2.pages((sdk, client) => sdk.paginateDescribeSubnets({ client }, asked));
    return everyRow('ec2:DescribeSubnets', pages, 'Subnets');
  };
  const [first] = await described('subnet-id', subnets);
  const id = required(first?.VpcId, 'Subnets[0].VpcId');
  const groupsOf = { Filters: [{ Name: 'vpc-id', Values: [id] }] };
  const groups = ec2.pages((sdk, client) => sdk.paginateDescribeSecurityGroups({ client }, groupsOf));
  const [all, allGroups, vpc] = await Promise.all([
    described('vpc-id', [id]),
    everyRow('ec2:DescribeSecurityGroups', groups, 'SecurityGroups'),
    translated(
      'ec2:DescribeVpcs',
      ec2.send((sdk) => new sdk.DescribeVpcsCommand({ VpcIds: [id] })),
    ),
  ]);
  const own = (tags: readonly Tag[] | undefined) => {
    const of = (key: string) => tags?.find(({ Key }) => Key === key)?.Value;
    return of('tenant') === tenant && of('environment') === environment ? of('layer') : undefined;
  };
  return {
    vpc: { id, cidr: required(vpc.Vpcs?.[0]?.CidrBlock, 'Vpcs[0].CidrBlock') },
    subnets: all.flatMap(({ SubnetId, AvailabilityZoneId, Tags }) => {
      const layer = own(Tags);
      if (layer === undefined || layer === 'public') return []; // public subnets hold NAT gateways and are no layer
      const zone = required(AvailabilityZoneId, 'Subnets[].AvailabilityZoneId');
      return [{ id: required(SubnetId, 'Subnets[].SubnetId'), zone, layer }];
    }),
    securityGroups: allGroups.flatMap(({ GroupId, Tags }) => {
      const layer = own(Tags);
      return layer === undefined ? [] : [{ id: required(GroupId, 'SecurityGroups[].GroupId'), layer }];
    }),
  };
}
