import { MINUTE } from '@tenant-delivery/domain';
import { statusOf } from '@tenant-delivery/local-aws/ec2/vpn-state';
import { atCustomer, seedVpn, vpnsOf } from '@tenant-delivery/local-aws/services/ec2';
import { seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { opening as vpnPsk } from '@tenant-delivery/rotate-access/agreed/vpn-psk';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import type { Story } from '../crashed-rotation.ts';
import { openedRun } from '../opened-run.ts';
import { account, expected, ground, region, settled, versionsOf } from './ground.ts';

const VPN = {
  kind: 'vpn-psk',
  id: 'acme-hq',
  vpn: 'vpn-0acme00000hq0001',
  peer: '203.0.113.10',
  escrow: 'td/rotation/acme-hq',
} as const;

/** The customer's people say that they have the keys, and install that of a tunnel that is down, if not at once. */
export async function vpnStory(): Promise<Story> {
  const at = await ground();
  const { aws, clock } = at;
  const outside = ['198.51.100.1', '198.51.100.2'];
  const seeded = { customerGatewayIp: VPN.peer, tunnelsOutside: outside };
  const { tunnels } = seedVpn(aws.world, account, region, { id: VPN.vpn, ...seeded });
  const other = seedVpn(aws.world, account, region, { id: 'vpn-0acme0000other1', ...seeded });
  const others = other.tunnels.map(({ preSharedKey }) => preSharedKey);
  const before = tunnels.map(({ preSharedKey }) => preSharedKey);
  const keys = Object.fromEntries(tunnels.map(({ outsideIp, preSharedKey }) => [outsideIp, preSharedKey]));
  seedSecret(aws.world, account, region, { name: VPN.escrow, value: JSON.stringify(keys) });
  const inEscrow = (label: string): Readonly<Record<string, string>> =>
    JSON.parse(versionsOf(at, VPN.escrow)(label)?.value ?? '{}');
  const noticed = new Set<string>();
  const down = () => tunnels.filter(({ customerKey, preSharedKey }) => customerKey !== preSharedKey);
  return {
    ...at,
    secrets: before,
    pass: (milliseconds) => clock.advance(milliseconds),
    people: async (_, begun) => {
      for (const tunnel of down()) {
        const key = [inEscrow('TDPENDING'), inEscrow('AWSCURRENT')]
          .map((drawn) => drawn[tunnel.outsideIp])
          .find((drawn) => drawn !== undefined && drawn !== tunnel.customerKey);
        if (noticed.delete(tunnel.outsideIp) && key !== undefined) atCustomer(aws.world, tunnel, { key });
        else noticed.add(tunnel.outsideIp);
      }
      await clock.advance(20 * MINUTE); // the tunnel comes up
      const acknowledge = Object.entries(inEscrow('TDPENDING'))
        .map(([address, psk]) => `${address}=${fingerprintOf(account, psk)}`)
        .join(' ');
      return { ...(!begun && { wish: 'forced' }), ...(acknowledge && { acknowledge }) };
    },
    run: async (world, given) => (await openedRun(world, vpnPsk, { ...VPN }, given)).go(),
    violations: () => (tunnels.some((tunnel) => statusOf(aws.world, tunnel).up) ? [] : ['no tunnel is up']),
    judgeEnd: () =>
      expected({
        'both tunnels have other keys': tunnels.every(({ preSharedKey }) => !before.includes(preSharedKey)),
        'the customer has them': down().length === 0,
        'escrow has them': tunnels.every(
          ({ outsideIp, preSharedKey }) => inEscrow('AWSCURRENT')[outsideIp] === preSharedKey,
        ),
        'nothing waits': settled(at, VPN.escrow),
        'no key of before is kept': versionsOf(at, VPN.escrow)('AWSPREVIOUS') === undefined,
        'the other connection is as it was':
          vpnsOf(aws.world, account, region)[other.id]?.tunnels.every(({ preSharedKey }) =>
            others.includes(preSharedKey),
          ) === true,
      }),
    close: () => aws.close(),
  };
}
