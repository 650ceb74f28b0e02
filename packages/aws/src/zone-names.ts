import type { ZoneReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import type { Session } from './session.ts';
import { childOf, childrenOf, type QueryService, queryCaller, textOf } from './signed-call.ts';
import { required, translated } from './translate.ts';

const EC2: QueryService = { name: 'ec2', variable: 'EC2', version: '2016-11-15' };

/** How this account calls the zones that its subnets stand in: a zone's id is everywhere the same, its name is not. */
export function zoneNames(session: Pick<Session, 'clientConfig'>, role: Role): ZoneReader {
  const call = queryCaller(EC2, session.clientConfig(role));
  return {
    names: async (subnets) => {
      const asked = Object.fromEntries(subnets.map((id, index) => [`SubnetId.${index + 1}`, id]));
      const answer = await translated('ec2:DescribeSubnets', call('DescribeSubnets', asked));
      const items = childrenOf(childOf(answer, 'subnetSet'), 'item');
      return new Map(
        items.map((item) => [
          required(textOf(item, 'availabilityZoneId'), 'subnetSet.item.availabilityZoneId'),
          required(textOf(item, 'availabilityZone'), 'subnetSet.item.availabilityZone'),
        ]),
      );
    },
  };
}
