/** What we use of the client of EC2. */
export {
  DescribeAvailabilityZonesCommand,
  DescribeCustomerGatewaysCommand,
  DescribeVpcsCommand,
  DescribeVpnConnectionsCommand,
  EC2Client,
  GetActiveVpnTunnelStatusCommand,
  GetVpnTunnelReplacementStatusCommand,
  ModifyVpnTunnelOptionsCommand,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
} from '@aws-sdk/client-ec2';
