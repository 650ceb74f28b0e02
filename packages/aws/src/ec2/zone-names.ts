import type { ZoneReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import { everyRow } from '../errors/every-row.ts';
import { required } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { ec2Client } from './ec2-client.ts';

/** This account's names for the zones of its subnets. A zone has the same id in every account, but not the same name. */
export function zoneNames(session: Pick<Session, 'clientConfig'>, role: Role): ZoneReader {
  const ec2 = ec2Client(session.clientConfig(role));
  return {
    names: async (subnets) => {
      const pages = ec2.pages((sdk, client) =>
        sdk.paginateDescribeSubnets({ client }, { SubnetIds: [...subnets] }),
      );
      const found = await everyRow('ec2:DescribeSubnets', pages, 'Subnets');
      return new Map(
        found.map((subnet) => [
          required(subnet.AvailabilityZoneId, 'Subnets[].AvailabilityZoneId'),
          required(subnet.AvailabilityZone, 'Subnets[].AvailabilityZone'),
        ]),
      );
    },
  };
}
