import type { Role } from '@tenant-delivery/domain';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { ec2Client } from './ec2-client.ts';

/** The zones of the region by their ids, which are the same in every account: `euw1-az1`. */
export function zoneReader(session: Pick<Session, 'clientConfig'>, role: Role) {
  const ec2 = ec2Client(session.clientConfig(role));
  return async (): Promise<readonly string[]> => {
    const sent = ec2.send((sdk) => new sdk.DescribeAvailabilityZonesCommand({}));
    const { AvailabilityZones } = await translated('ec2:DescribeAvailabilityZones', sent);
    return required(AvailabilityZones, 'AvailabilityZones')
      .map(({ ZoneId }) => required(ZoneId, 'AvailabilityZones[].ZoneId'))
      .sort();
  };
}
