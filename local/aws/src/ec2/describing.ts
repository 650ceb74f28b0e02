/** Reads of EC2 that take filters. IAM is asked about them with `*`. */
export const DESCRIBING = [
  'DescribeAddresses',
  'DescribeAvailabilityZones',
  'DescribeCustomerGateways',
  'DescribeFlowLogs',
  'DescribeInternetGateways',
  'DescribeNatGateways',
  'DescribeRouteTables',
  'DescribeSecurityGroupRules',
  'DescribeSecurityGroups',
  'DescribeSubnets',
  'DescribeTags',
  'DescribeVpcEndpoints',
  'DescribeVpcs',
  'DescribeVpnConnections',
  'DescribeVpnGateways',
];
