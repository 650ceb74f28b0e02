/**
 * AWS's partitions: how their regions are named, the domain of their services, and the region of their global ones
 * ("AWS services endpoints and quotas", and the SDK's own list, which a test compares). IAM's events in China are in Beijing.
 */
export const PARTITIONS = {
  aws: { regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/, domain: 'amazonaws.com', global: 'us-east-1' },
  'aws-cn': { regions: /^cn-\w+-\d+$/, domain: 'amazonaws.com.cn', global: 'cn-north-1' },
  'aws-eusc': { regions: /^eusc-(de)-\w+-\d+$/, domain: 'amazonaws.eu', global: 'eusc-de-east-1' },
  'aws-iso': { regions: /^us-iso-\w+-\d+$/, domain: 'c2s.ic.gov', global: 'us-iso-east-1' },
  'aws-iso-b': { regions: /^us-isob-\w+-\d+$/, domain: 'sc2s.sgov.gov', global: 'us-isob-east-1' },
  'aws-iso-e': { regions: /^eu-isoe-\w+-\d+$/, domain: 'cloud.adc-e.uk', global: 'eu-isoe-west-1' },
  'aws-iso-f': { regions: /^us-isof-\w+-\d+$/, domain: 'csp.hci.ic.gov', global: 'us-isof-south-1' },
  'aws-us-gov': { regions: /^us-gov-\w+-\d+$/, domain: 'amazonaws.com', global: 'us-gov-west-1' },
} as const;
export type Partition = keyof typeof PARTITIONS;
export const PARTITION_NAMES = Object.keys(PARTITIONS) as Partition[]; // its own keys

/** The partition of a region. A region of none that is known is one of `aws`, as for the SDK. */
export function partitionOf(region: string): Partition {
  return PARTITION_NAMES.find((name) => PARTITIONS[name].regions.test(region)) ?? 'aws';
}
