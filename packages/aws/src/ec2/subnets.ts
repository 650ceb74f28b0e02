import type { Subnet } from '@tenant-delivery/isolation/observed';
import { integerIn, membersIn, requiredText } from '../by-hand/query-answer.ts';
import { queryCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';

const EC2 = { name: 'ec2', variable: 'EC2', version: '2016-11-15' } as const;

/** Subnets by id, those that exist: a filter leaves out what `SubnetId` would refuse. */
export function ec2Subnets(config: ReturnType<typeof clientConfig>) {
  const call = queryCaller(EC2, config);
  return async (ids: readonly string[]): Promise<readonly Subnet[]> => {
    const values = ids.map((id, i) => [`Filter.1.Value.${i + 1}`, id]);
    const filter = { 'Filter.1.Name': 'subnet-id', ...Object.fromEntries(values) };
    const root = await translated('ec2:DescribeSubnets', call('DescribeSubnets', filter));
    return membersIn(root, 'subnetSet', 'item').map((item) => {
      const member = (name: string) => requiredText(item, 'subnetSet.item', name);
      return {
        id: member('subnetId'),
        vpc: member('vpcId'),
        zoneId: member('availabilityZoneId'),
        free: required(integerIn(item, 'availableIpAddressCount'), 'subnetSet.item.availableIpAddressCount'),
      };
    });
  };
}
