import type { Subnet } from '@tenant-delivery/isolation/observed';
import { everyRow } from '../errors/every-row.ts';
import { required } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { ec2Client } from './ec2-client.ts';

/** The subnets of these ids that exist. A filter ignores unknown ids; `SubnetIds` would fail on them. */
export function ec2Subnets(config: ClientConfig) {
  const ec2 = ec2Client(config);
  return async (ids: readonly string[]): Promise<readonly Subnet[]> => {
    const asked = { Filters: [{ Name: 'subnet-id', Values: [...ids] }] };
    const pages = ec2.pages((sdk, client) => sdk.paginateDescribeSubnets({ client }, asked));
    const found = await everyRow('ec2:DescribeSubnets', pages, 'Subnets');
    return found.map((subnet) => ({
      id: required(subnet.SubnetId, 'Subnets[].SubnetId'),
      vpc: required(subnet.VpcId, 'Subnets[].VpcId'),
      zoneId: required(subnet.AvailabilityZoneId, 'Subnets[].AvailabilityZoneId'),
      free: required(subnet.AvailableIpAddressCount, 'Subnets[].AvailableIpAddressCount'),
    }));
  };
}
