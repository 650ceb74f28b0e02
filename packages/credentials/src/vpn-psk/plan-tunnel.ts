import { HOUR, MINUTE } from '@tenant-delivery/domain';
import { closedWindow } from '@tenant-delivery/rotation/change-window';
import { found, wait } from '@tenant-delivery/rotation/steps-taken';
import { iso } from '@tenant-delivery/rotation/times';
import type { Install } from './facts.ts';
import { PATIENCE, SKEW, TELEMETRY } from './policy.ts';
import type { Tunnel } from './ports.ts';
import { type Installed, type TunnelProgress, tunnelProgress } from './progress.ts';
import { hold } from './reasons.ts';
import { act, newKeyOf, type Sight, type VpnPskMove } from './sight.ts';
import { sayTunnel, unsteady } from './steady.ts';

/** Changes one tunnel while the other carries the traffic. `undefined` if it is up with its new key. */
export function planTunnel(sight: Sight, tunnel: Tunnel, other: Tunnel): VpnPskMove | undefined {
  const so = tunnelProgress(sight.progress, tunnel.outside);
  if (so.provedAt !== undefined) return undefined;
  const last = so.installs.at(-1);
  if (!last) return begin(sight, tunnel, so, undefined);
  // AWS is still changing the tunnel, so its state says nothing
  if (sight.connection.state === 'modifying')
    return wait(sight.now + MINUTE, `AWS is replacing the tunnel ${tunnel.outside}`);
  if (sight.connection.state !== 'available')
    return hold('ROTATION_VPN', `${sight.connection.id} is ${sight.connection.state}.`, factsOf(sight));
  const unsure = last.unsure ? resolve(sight, tunnel, other, last) : undefined;
  if (unsure) return unsure;
  return last.step.why === 'back' ? begin(sight, tunnel, so, last) : follow(sight, tunnel, other, last);
}

/**
 * AWS's end gets the new key after the customer has it ready and both tunnels are up. `back`: it was tried before and
 * taken back.
 */
function begin(sight: Sight, tunnel: Tunnel, so: TunnelProgress, back: Installed | undefined): VpnPskMove {
  const { seen, progress, policy, connection, now } = sight;
  const { outside } = tunnel;
  const key = newKeyOf(sight, outside);
  if (key === undefined) throw new TypeError('the new keys were looked for before');
  if (!so.attested) {
    // an acknowledgement from before the old key came back does not allow another try
    const said =
      back?.process === sight.process
        ? undefined
        : seen.acknowledged.find((one) => one.key === key && (one.tunnel ?? outside) === outside);
    if (said) return { kind: 'note', note: { kind: 'attested', tunnel: outside, key, by: said.by } };
    if (back)
      return hold(
        'ROTATION_TUNNEL_RETURNED',
        `The tunnel ${outside} has its previous key again: ${back.step.because ?? 'it was requested'}.`,
        [...factsOf(sight), `acknowledge ${outside}=${key} to try again`],
      );
    return wait(
      now + HOUR,
      `the customer has the key ${key} of tunnel ${outside} not yet ready at their device; they acknowledge ${outside}=${key}`,
    );
  }
  const closed = closedWindow(policy, now, progress.compromised);
  if (closed) return closed;
  if (!connection.keysHidden)
    return hold('ROTATION_VPN_KEYS_READABLE', `Anybody who may describe ${connection.id} can read its keys.`);
  return unsteady(connection, now) ?? act(sight, install(sight, tunnel, 'new'));
}

function install(sight: Sight, { outside }: Tunnel, why: 'new' | 'again'): Install {
  return { do: 'install', tunnel: outside, version: sight.progress.version, why };
}

/**
 * A run died during the change, or got no answer, and no key can be read. A tunnel that is down gets the same key again.
 * A tunnel that is up may have the new key, or the previous one after its line broke for a moment. It is changed
 * as if for the first time, with the same key, which does no harm to a device that has it.
 */
function resolve(
  sight: Sight,
  tunnel: Tunnel,
  other: Tunnel,
  { step, at }: Installed,
): VpnPskMove | undefined {
  const { now } = sight;
  if (now < at + TELEMETRY)
    return wait(at + TELEMETRY, `AWS may be late with the state of ${tunnel.outside}`);
  // people look at the tunnel, whichever key it has, and the new key is put in when they say so
  if (tunnel.up) return found(step, step.why === 'back' ? {} : { answer: 'undone' });
  // both tunnels are down: the way back is planned as if the new key had arrived
  if (step.why !== 'back' && !other.up) return found(step);
  return act(sight, step.why === 'back' ? step : install(sight, tunnel, 'again'));
}

/** AWS has the new key. The customer installs it, and the tunnel must stay up. */
function follow(sight: Sight, tunnel: Tunnel, other: Tunnel, { at }: Installed): VpnPskMove {
  const { policy, now } = sight;
  const { outside, up, since } = tunnel;
  const key = newKeyOf(sight, outside) ?? '';
  if (up && since >= at - SKEW) {
    if (!other.up)
      return hold(
        'ROTATION_TUNNEL_DOWN',
        `The tunnel ${other.outside} went down while ${outside} was changed, which holds.`,
        factsOf(sight),
      );
    const holds = since + policy.soak;
    if (now < holds) return wait(holds, `the tunnel ${outside} is up with its new key, and must hold`);
    if (!tunnel.provisioned) return wait(now + MINUTE, `AWS is preparing the tunnel ${outside}`);
    return { kind: 'note', note: { kind: 'proved', tunnel: outside, key, upSince: iso(since) } };
  }
  if (up && now < at + TELEMETRY) return wait(at + TELEMETRY, `AWS may be late with the state of ${outside}`);
  if (up)
    return hold(
      'ROTATION_INTERFERED',
      `AWS took a new key for the tunnel ${outside}, which went on as if nothing had happened.`,
      factsOf(sight),
    );
  if (!other.up) return bringBack(sight, tunnel, `the tunnel ${other.outside} went down meanwhile`);
  if (policy.giveUp === key) return bringBack(sight, tunnel, `somebody gave the key ${key} up`);
  if (now >= at + PATIENCE)
    return hold(
      'ROTATION_TUNNEL_SILENT',
      `The tunnel ${outside} has not come up with its new key ${key}.`,
      factsOf(sight),
    );
  return wait(
    now + MINUTE,
    `AWS has the key ${key} for the tunnel ${outside}; it is to be installed at the device`,
  );
}

/** Gives a tunnel its previous key back, only if it is down, so that a working tunnel is never touched. */
function bringBack(sight: Sight, { outside }: Tunnel, because: string): VpnPskMove {
  const { progress } = sight;
  const { previous } = progress.opened;
  const facts = factsOf(sight);
  if (progress.compromised)
    return hold('ROTATION_TUNNEL_DOWN', `${outside} is down, and its previous key has leaked.`, facts);
  if (previous === null)
    return hold('ROTATION_TUNNEL_DOWN', `${outside} is down, and escrow has no previous key.`, facts);
  return act(sight, { do: 'install', tunnel: outside, version: previous, why: 'back', because });
}

function factsOf({ connection }: Sight): readonly string[] {
  return connection.tunnels.map(sayTunnel);
}
