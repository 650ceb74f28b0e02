import { idOf } from '../iam/state.ts';
import type { World } from '../world/world.ts';
import { type Ec2Resource, ec2Of, type Tags } from './state.ts';

/** A site-to-site VPN connection with its two tunnels. */
export interface VpnConnection extends Ec2Resource {
  readonly customerGatewayId: string;
  readonly vpnGatewayId: string;
  readonly routing: 'bgp' | 'static';
  readonly storage: 'Standard' | 'SecretsManager';
  readonly tunnels: readonly Tunnel[];
  /** What lies behind the customer's gateway, where nothing tells it by BGP. */
  routes: readonly string[];
  /** Until then AWS makes its tunnels. */
  readonly availableAt: number;
  deletedAt: number | undefined;
}

export interface Tunnel {
  readonly outsideIp: string;
  readonly insideCidr: string;
  /** What AWS has. */
  preSharedKey: string;
  /** What the device at the other end has. */
  customerKey: string;
  /** The line, the device: what keeps a tunnel down though both keys are the same. */
  brokenBecause: string | undefined;
  /** While AWS replaces the tunnel it is down, and nothing else may be changed. */
  modifyingUntil: number;
  /** When somebody last changed what decides between up and down. */
  changedAt: number;
  pendingMaintenance: boolean;
}

export interface VpnSeed {
  readonly id: string;
  readonly customerGatewayIp: string;
  readonly tunnelsOutside: readonly string[];
  readonly storage?: VpnConnection['storage'];
  readonly routing?: VpnConnection['routing'];
  readonly tags?: Tags;
}

/** AWS's end of a connection has this number of an autonomous system, unless somebody asks for another. */
export const AMAZON = 64_512;

export const MODIFYING = 3 * 60_000; // virtual milliseconds; AWS says "several minutes"

const DELETING = 60_000; // virtual milliseconds

export type VpnState = 'pending' | 'available' | 'modifying' | 'deleting' | 'deleted';

export function vpnState({ tunnels, availableAt, deletedAt }: VpnConnection, now: number): VpnState {
  if (deletedAt !== undefined) return now < deletedAt + DELETING ? 'deleting' : 'deleted';
  if (now < availableAt) return 'pending';
  return tunnels.some(({ modifyingUntil }) => modifyingUntil > now) ? 'modifying' : 'available';
}

/** The static routes of the connections of a VPN gateway. */
export function staticRoutes(
  world: World,
  account: string,
  region: string,
  gateway: string,
): readonly string[] {
  const now = world.clock.now();
  return Object.values(vpnsOf(world, account, region))
    .filter((vpn) => vpn.vpnGatewayId === gateway && vpnState(vpn, now) !== 'deleted')
    .flatMap(({ routes }) => routes);
}

/** By id. */
export function vpnsOf(world: World, account: string, region: string): Record<string, VpnConnection> {
  return world.state<Record<string, VpnConnection>>('ec2-vpn', account, region, () => ({}));
}

/** Makes a connection with its gateways, whose tunnels have been up for an hour; one that exists is kept. */
export function seedVpn(world: World, account: string, region: string, seed: VpnSeed): VpnConnection {
  const vpns = vpnsOf(world, account, region);
  const vpn: VpnConnection = vpns[seed.id] ?? {
    id: seed.id,
    customerGatewayId: `cgw-${idOf(seed.id).toLowerCase()}`,
    vpnGatewayId: `vgw-${seed.id.slice('vpn-'.length)}`,
    routing: seed.routing ?? 'bgp',
    storage: seed.storage ?? 'SecretsManager',
    tags: seed.tags ?? {},
    tunnels: seed.tunnelsOutside.map((outsideIp, index) => ({
      outsideIp,
      insideCidr: `169.254.${10 + index}.0/30`,
      preSharedKey: `seeded.${idOf(`${seed.id}${outsideIp}`)}`,
      customerKey: `seeded.${idOf(`${seed.id}${outsideIp}`)}`,
      brokenBecause: undefined,
      modifyingUntil: 0,
      changedAt: world.clock.now() - 3_600_000,
      pendingMaintenance: false,
    })),
    routes: [],
    availableAt: 0,
    deletedAt: undefined,
  };
  vpns[seed.id] = vpn;
  const { customerGateways, vpnGateways } = ec2Of(world, account, region);
  const [customer, gateway] = [vpn.customerGatewayId, vpn.vpnGatewayId];
  customerGateways[customer] ??= { id: customer, ip: seed.customerGatewayIp, asn: '65000', tags: {} };
  vpnGateways[gateway] ??= { id: gateway, asn: AMAZON, vpc: undefined, tags: {} };
  world.touched();
  return vpn;
}

/** A tunnel is up when both ends have the same key, the line holds and AWS is not replacing it. */
export function statusOf(world: World, tunnel: Tunnel): { readonly up: boolean; readonly since: number } {
  const replaced = tunnel.modifyingUntil > world.clock.now();
  const up = !replaced && tunnel.preSharedKey === tunnel.customerKey && tunnel.brokenBecause === undefined;
  return {
    up,
    since: replaced || !up ? tunnel.changedAt : Math.max(tunnel.changedAt, tunnel.modifyingUntil),
  };
}

/** What the customer's people do at their device: a key that they install, a line that breaks or is mended. */
export function atCustomer(
  world: World,
  tunnel: Tunnel,
  change: { readonly key?: string; readonly brokenBecause?: string | undefined },
): void {
  if (change.key !== undefined) tunnel.customerKey = change.key;
  if ('brokenBecause' in change) tunnel.brokenBecause = change.brokenBecause;
  tunnel.changedAt = world.clock.now();
  world.touched();
}
