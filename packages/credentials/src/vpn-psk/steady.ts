import { MINUTE } from '@tenant-delivery/domain';
import type { Hold } from '@tenant-delivery/rotation/plan';
import { wait } from '@tenant-delivery/rotation/steps-taken';
import { iso } from '@tenant-delivery/rotation/times';
import { STEADY } from './policy.ts';
import type { Tunnel, VpnConnection } from './ports.ts';
import { hold } from './reasons.ts';

/**
 * Why no tunnel may be touched now. `undefined`: both have carried traffic for long enough, and nothing else is
 * planned.
 */
export function unsteady(
  { id, state, routing, tunnels }: VpnConnection,
  now: number,
): Hold | ReturnType<typeof wait> | undefined {
  const facts = tunnels.map(sayTunnel);
  const down = tunnels.find(({ up }) => !up);
  if (state === 'modifying') return wait(now + MINUTE, `AWS is changing ${id}`);
  if (state !== 'available') return hold('ROTATION_VPN', `${id} is ${state}.`, facts);
  if (down) return hold('ROTATION_TUNNEL_DOWN', `The tunnel ${down.outside} is down.`, facts);
  const pending = tunnels.find(({ replacementPending }) => replacementPending);
  if (pending)
    return hold(
      'ROTATION_TUNNEL_MAINTENANCE',
      `AWS is going to replace the tunnel ${pending.outside}.`,
      facts,
    );
  const deaf = routing === 'bgp' ? tunnels.find(({ routes }) => routes === 0) : undefined;
  if (deaf)
    return hold('ROTATION_TUNNEL_DOWN', `The tunnel ${deaf.outside} is up and has accepted no route.`, facts);
  if (tunnels.some(({ provisioned }) => !provisioned)) return wait(now + MINUTE, `AWS is preparing ${id}`);
  const steadyAt = Math.max(...tunnels.map(({ since }) => since)) + STEADY;
  return now < steadyAt ? wait(steadyAt, 'both tunnels must be up for half an hour') : undefined;
}

export function sayTunnel({ outside, up, since, routes }: Tunnel): string {
  return `tunnel ${outside} is ${up ? 'up' : 'down'} since ${iso(since)} with ${routes} routes`;
}
