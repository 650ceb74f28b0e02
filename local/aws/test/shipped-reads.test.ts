import { beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { readReference } from '../src/authorization/reference.ts';
import { seedVpn } from '../src/services/ec2.ts';
import { type Account, emptyAccount } from './a-network.ts';
import { group } from './cloudformation-harness.ts';

/** Reads that shipped actions make, and that no other suite asks by name. */

let account: Account;
beforeAll(readReference);
beforeEach(() => {
  account = emptyAccount();
});

describe('EC2', () => {
  const zones = async (input: object) => {
    const { AvailabilityZones } = await account.ec2('DescribeAvailabilityZones', input);
    return [AvailabilityZones].flat().map((zone) => Reflect.get(Object(zone), 'ZoneName'));
  };

  test('DescribeAvailabilityZones names the zones of the region, those that are asked for, and no other', async () => {
    expect(await zones({})).toEqual(['eu-west-1a', 'eu-west-1b', 'eu-west-1c']);
    expect(await zones({ ZoneIds: ['euw1-az2'] })).toEqual(['eu-west-1b']);
    expect(await zones({ Filters: [{ Name: 'zone-name', Values: ['eu-west-1c'] }] })).toEqual(['eu-west-1c']);
    await expect(zones({ ZoneNames: ['eu-west-3a'] })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  test('DescribeCustomerGateways, DescribeVpnGateways and GetVpnTunnelReplacementStatus know both ends of a connection', async () => {
    const vpn = seedVpn(account.world, '000011112222', 'eu-west-1', {
      id: 'vpn-0a1b2c3d4e5f60718',
      customerGatewayIp: '203.0.113.10',
      tunnelsOutside: ['198.51.100.1', '198.51.100.2'],
    });
    const asked = { CustomerGatewayIds: [vpn.customerGatewayId] };
    expect(await account.ec2('DescribeCustomerGateways', asked)).toMatchObject({
      CustomerGateways: [{ IpAddress: '203.0.113.10', BgpAsn: '65000', State: 'available' }],
    });
    expect(await account.ec2('DescribeVpnGateways', { VpnGatewayIds: [vpn.vpnGatewayId] })).toMatchObject({
      VpnGateways: [{ AmazonSideAsn: 64_512, VpcAttachments: [], State: 'available' }],
    });
    const replaced = (VpnTunnelOutsideIpAddress: string) =>
      account.ec2('GetVpnTunnelReplacementStatus', { VpnConnectionId: vpn.id, VpnTunnelOutsideIpAddress });
    expect(await replaced('198.51.100.2')).toMatchObject({
      CustomerGatewayId: vpn.customerGatewayId,
      MaintenanceDetails: { PendingMaintenance: 'false' },
    });
    await expect(replaced('198.51.100.3')).rejects.toMatchObject({ code: 'InvalidParameterValue' });
    const lost = { CustomerGatewayIds: ['cgw-00000000000000000'] };
    await expect(account.ec2('DescribeCustomerGateways', lost)).rejects.toMatchObject({
      code: 'InvalidCustomerGatewayID.NotFound',
    });
  });
});

test('GetAccountSetting of a registry that nobody has configured: scans by AWS, no mounting', async () => {
  const setting = async (name: string) =>
    (await account.perform('ecr', 'GetAccountSetting', { name }))['value'];
  expect(await setting('BASIC_SCAN_TYPE_VERSION')).toBe('AWS_NATIVE');
  expect(await setting('BLOB_MOUNTING')).toBe('DISABLED');
  await expect(setting('X')).rejects.toThrow(); // too short a name for the model
});

test('DescribeBackupVault tells of a vault what locks it, and of none that it does not exist', async () => {
  const vault = (operation: string, input: object = {}) =>
    account.perform('backup', operation, { BackupVaultName: 'acme-prod', ...input });
  await expect(vault('DescribeBackupVault')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  await vault('CreateBackupVault');
  expect(await vault('DescribeBackupVault')).toMatchObject({ NumberOfRecoveryPoints: 0, Locked: false });
  await vault('PutBackupVaultLockConfiguration', { MinRetentionDays: 7 });
  expect(await vault('DescribeBackupVault')).toMatchObject({ Locked: true, MinRetentionDays: 7 });
});

describe('a stack', () => {
  const stack = (operation: string, input: object = {}) =>
    account.perform('cloudformation', operation, { StackName: 'acme', ...input });
  const template = { Resources: { Logs: group('/acme/orders', 30), More: group('/acme/more') } };

  beforeEach(async () => {
    await stack('CreateStack', { TemplateBody: JSON.stringify(template) });
    await account.clock.advance(600_000);
  });

  it('is told by DescribeStackResources as a whole, by one logical name, or by what a resource is called', async () => {
    const names = async (input: object) => {
      const { StackResources } = await account.perform('cloudformation', 'DescribeStackResources', input);
      return [StackResources].flat().map((one) => Reflect.get(Object(one), 'LogicalResourceId'));
    };
    expect(await names({ StackName: 'acme' })).toEqual(['Logs', 'More']);
    expect(await names({ StackName: 'acme', LogicalResourceId: 'More' })).toEqual(['More']);
    expect(await names({ PhysicalResourceId: '/acme/orders' })).toEqual(['Logs', 'More']);
    await expect(names({ StackName: 'acme', LogicalResourceId: 'None' })).rejects.toMatchObject({
      code: 'ValidationError',
    });
  });

  it('has the policy that GetStackPolicy tells once it was set', async () => {
    expect(await stack('GetStackPolicy')).toEqual({});
    const policy = JSON.stringify({
      Statement: [{ Effect: 'Deny', Action: 'Update:Delete', Principal: '*', Resource: '*' }],
    });
    await stack('SetStackPolicy', { StackPolicyBody: policy });
    expect(await stack('GetStackPolicy')).toEqual({ StackPolicyBody: policy });
  });

  it('is compared by DetectStackDrift, and DescribeStackDriftDetectionStatus tells how that ended', async () => {
    const drift = async () => {
      const { StackDriftDetectionId } = await stack('DetectStackDrift');
      await account.clock.advance(600_000);
      return account.perform('cloudformation', 'DescribeStackDriftDetectionStatus', {
        StackDriftDetectionId,
      });
    };
    expect(await drift()).toMatchObject({
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'IN_SYNC',
    });
    await account.perform('logs', 'PutRetentionPolicy', { logGroupName: '/acme/orders', retentionInDays: 7 });
    expect(await drift()).toMatchObject({ StackDriftStatus: 'DRIFTED', DriftedStackResourceCount: 1 });
    const none = account.perform('cloudformation', 'DescribeStackDriftDetectionStatus', {
      StackDriftDetectionId: '00000000-0000-4000-8000-000000000000',
    });
    await expect(none).rejects.toMatchObject({ code: 'ValidationError' });
  });
});
