import type { ZoneReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import { membersIn, requiredText } from '../by-hand/query-answer.ts';
import { type QueryService, queryCaller } from '../by-hand/signed-call.ts';
import { translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';

const EC2: QueryService = { name: 'ec2', variable: 'EC2', version: '2016-11-15' };

/** How this account calls the zones that its subnets stand in: a zone's id is everywhere the same, its name is not. */
export function zoneNames(session: Pick<Session, 'clientConfig'>, role: Role): ZoneReader {
  const call = queryCaller(EC2, session.clientConfig(role));
  return {
    names: async (subnets) => {
      const asked = Object.fromEntries(subnets.map((id, index) => [`SubnetId.${index + 1}`, id]));
      const answer = await translated('ec2:DescribeSubnets', call('DescribeSubnets', asked));
      return new Map(
        membersIn(answer, 'subnetSet', 'item').map((item) => [
          requiredText(item, 'subnetSet.item', 'availabilityZoneId'),
          requiredText(item, 'subnetSet.item', 'availabilityZone'),
        ]),
      );
    },
  };
}
