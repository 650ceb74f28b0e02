import { closedWindow } from '@tenant-delivery/rotation/change-window';
import type { Opened } from './facts.ts';
import { type VpnPskPolicy, vpnPskMistakes } from './policy.ts';
import type { VpnConnection } from './ports.ts';
import { reason } from './reasons.ts';
import type { VpnPskMove } from './sight.ts';
import type { Snapshot } from './snapshot.ts';
import { unsteady } from './steady.ts';

/** Whether a rotation begins. */
export function planOpening(seen: Snapshot, policy: VpnPskPolicy, now: number): VpnPskMove {
  const refused = refusals(seen, policy);
  const { connection, escrow } = seen;
  if (refused.length > 0 || !connection || escrow.kind !== 'usable')
    return { kind: 'refuse', reasons: refused };
  const { current } = escrow;
  const why: Opened['reason'] = current ? (policy.wish ?? 'due') : 'bootstrap';
  const dueAt = current && policy.wish === undefined ? current.createdAt + policy.maxAge : now;
  if (now < dueAt) return { kind: 'rest', dueAt };
  const tunnels = connection.tunnels.map(({ outside }) => outside);
  return (
    closedWindow(policy, now, why === 'compromise') ??
    unsteady(connection, now) ?? {
      kind: 'note',
      note: {
        kind: 'opened',
        reason: why,
        account: seen.caller.account,
        connection: connection.id,
        tunnels,
        previous: current?.version ?? null,
      },
    }
  );
}

/** Every reason for which nothing may begin, all at once. */
function refusals({ caller, connection, escrow }: Snapshot, policy: VpnPskPolicy) {
  const says = vpnPskMistakes(policy).map((mistake) => reason('ROTATION_POLICY', mistake));
  if (!connection)
    says.push(reason('ROTATION_VPN', `EC2 knows no such VPN connection in account ${caller.account}.`));
  else says.push(...mismatches(connection, policy));
  if (escrow.kind === 'absent') says.push(reason('ROTATION_ESCROW', 'The escrow secret does not exist.'));
  if (escrow.kind === 'unusable') says.push(reason('ROTATION_ESCROW', `The escrow secret ${escrow.why}.`));
  if (escrow.kind !== 'usable') return says;
  const { current } = escrow;
  if (!current && !policy.bootstrap)
    says.push(reason('ROTATION_NO_WAY_BACK', 'Escrow does not have the keys that are installed now.'));
  const named = Object.keys(current?.keys ?? {}).toSorted();
  const outside = connection?.tunnels.map((tunnel) => tunnel.outside).toSorted() ?? [];
  if (current && connection && named.join() !== outside.join())
    says.push(
      reason(
        'ROTATION_NO_WAY_BACK',
        `Escrow's version ${current.version} holds no keys of the tunnels ${outside.join(' and ')}.`,
      ),
    );
  return says;
}

function mismatches({ id, peer, tunnels, keysHidden }: VpnConnection, policy: VpnPskPolicy) {
  return [
    ...(tunnels.length === 2
      ? []
      : [reason('ROTATION_VPN', `${id} has ${tunnels.length} tunnels, and two are needed.`)]),
    ...(peer === policy.peer
      ? []
      : [
          reason(
            'ROTATION_VPN',
            `${id} goes to ${peer}, and the contract names ${policy.peer} as the customer's gateway.`,
          ),
        ]),
    ...(keysHidden
      ? []
      : [
          reason(
            'ROTATION_VPN_KEYS_READABLE',
            `Anybody who may describe ${id} can read its keys: Secrets Manager does not keep them.`,
          ),
        ]),
  ];
}
