/** What we use of the client of EC2. */
export {
  DescribeCustomerGatewaysCommand,
  DescribeVpnConnectionsCommand,
  EC2Client,
  GetActiveVpnTunnelStatusCommand,
  GetVpnTunnelReplacementStatusCommand,
  ModifyVpnTunnelOptionsCommand,
  paginateDescribeSubnets,
} from '@aws-sdk/client-ec2';
