import {
  DescribeVpnConnectionsCommand,
  EC2Client,
  GetActiveVpnTunnelStatusCommand,
  ModifyVpnTunnelOptionsCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../src/index.ts';
import { atCustomer, seedVpn } from '../src/services/ec2.ts';
import { manualClock } from '../src/world/manual-clock.ts';
import { ACME, REGION, refusal } from './acme.ts';

const clock = manualClock();
let aws: LocalAws;
let ec2: EC2Client;
const [FIRST, SECOND] = ['198.51.100.1', '198.51.100.2'] as const;
beforeAll(async () => {
  aws = await startLocalAws({ clock, runtime: 'simulated' });
  ec2 = new EC2Client({
    endpoint: aws.url,
    region: REGION,
    credentials: aws.addAccount(ACME),
    maxAttempts: 1,
  });
});
afterAll(() => aws.close());

const seed = (id: string, storage: 'Standard' | 'SecretsManager' = 'SecretsManager') =>
  seedVpn(aws.world, ACME, REGION, {
    id,
    storage,
    customerGatewayIp: '203.0.113.10',
    tunnelsOutside: [FIRST, SECOND],
  });
const described = async (id: string) => {
  const { VpnConnections } = await ec2.send(new DescribeVpnConnectionsCommand({ VpnConnectionIds: [id] }));
  return VpnConnections?.[0];
};
const status = async (id: string) => (await described(id))?.VgwTelemetry?.map(({ Status }) => Status);
const modify = (id: string, outsideIp: string, PreSharedKey: string) =>
  ec2.send(
    new ModifyVpnTunnelOptionsCommand({
      VpnConnectionId: id,
      VpnTunnelOutsideIpAddress: outsideIp,
      TunnelOptions: { PreSharedKey },
    }),
  );

describe('a tunnel whose key is changed', () => {
  it('is down while AWS replaces it, and until the customer has the new key too', async () => {
    const [tunnel] = seed('vpn-0keys').tunnels;
    expect(await status('vpn-0keys')).toEqual(['UP', 'UP']);
    const begun = clock.date();
    await modify('vpn-0keys', FIRST, 'new.key_1');
    expect(await status('vpn-0keys')).toEqual(['DOWN', 'UP']);
    expect(await refusal(modify('vpn-0keys', SECOND, 'new.key_2'))).toMatchObject({ name: 'IncorrectState' });
    await clock.advance(3 * 60_000);
    const { ActiveVpnTunnelStatus } = await ec2.send(
      new GetActiveVpnTunnelStatusCommand({ VpnConnectionId: 'vpn-0keys', VpnTunnelOutsideIpAddress: FIRST }),
    );
    expect(ActiveVpnTunnelStatus).toMatchObject({ ProvisioningStatus: 'available' });
    expect(await status('vpn-0keys')).toEqual(['DOWN', 'UP']);
    if (tunnel) atCustomer(aws.world, tunnel, { key: 'new.key_1' });
    expect(await status('vpn-0keys')).toEqual(['UP', 'UP']);
    const since = (await described('vpn-0keys'))?.VgwTelemetry?.[0]?.LastStatusChange;
    expect(since?.getTime()).toBeGreaterThan(begun.getTime());
  });

  it.each(['0zero.first', 'short', 'with space in it', 'x'.repeat(65)])(
    'refuses the key "%s"',
    async (key) => {
      seed('vpn-0bad');
      expect(await refusal(modify('vpn-0bad', FIRST, key))).toMatchObject({ name: 'InvalidParameterValue' });
      expect(await status('vpn-0bad')).toEqual(['UP', 'UP']);
    },
  );
});

describe('a pre-shared key', () => {
  it('is told to a caller who may describe, unless it is stored in Secrets Manager', async () => {
    const [open] = seed('vpn-0open', 'Standard').tunnels;
    const [hidden] = seed('vpn-0hidden').tunnels;
    const inClear = await described('vpn-0open');
    expect(inClear?.Options?.TunnelOptions?.[0]?.PreSharedKey).toBe(open?.preSharedKey);
    expect(inClear?.CustomerGatewayConfiguration).toContain(open?.preSharedKey);
    const redacted = await described('vpn-0hidden');
    expect(redacted?.PreSharedKeyArn).toContain(':secret:s2svpn!');
    expect(JSON.stringify(redacted)).not.toContain(hidden?.preSharedKey);
  });

  it('is not in the log of calls', () => {
    expect(JSON.stringify(aws.calls)).not.toContain('new.key_1');
  });
});
