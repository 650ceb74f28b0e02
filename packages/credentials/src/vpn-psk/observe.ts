import { CURRENT } from '@tenant-delivery/rotation/escrow';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import type { Caller } from '@tenant-delivery/rotation/ports';
import type { PskEscrow, VpnTunnels } from './ports.ts';
import type { Progress } from './progress.ts';
import type { EscrowedPsks, ObservedPsks, Snapshot } from './snapshot.ts';

/** Everything outside that the keys of one connection have to do with. */
export interface VpnPskWorld {
  readonly caller: Caller;
  readonly tunnels: VpnTunnels;
  readonly escrow: PskEscrow;
  /** What was given with this run. */
  readonly acknowledged: Snapshot['acknowledged'];
}

/** Looks at everything at once. One answer that cannot be had fails the whole. */
export async function observeVpnPsk(world: VpnPskWorld, progress: Progress | undefined): Promise<Snapshot> {
  const [caller, connection, described] = await Promise.all([
    world.caller.identity(),
    world.tunnels.look(),
    world.escrow.describe(),
  ]);
  const escrow = await observeEscrow(world.escrow, described, progress, caller.account);
  return { caller, connection, escrow, acknowledged: world.acknowledged };
}

async function observeEscrow(
  escrow: PskEscrow,
  described: Awaited<ReturnType<PskEscrow['describe']>>,
  progress: Progress | undefined,
  account: string,
): Promise<ObservedPsks> {
  if (described.kind !== 'usable') return described;
  const open = progress && !progress.closed ? [progress.version, progress.opened.previous] : [];
  const wanted = described.versions.filter(({ id, stages }) => stages.includes(CURRENT) || open.includes(id));
  const versions = await Promise.all(
    wanted.map(async ({ id, stages }): Promise<readonly EscrowedPsks[]> => {
      const held = await escrow.read(id);
      if (!held) return [];
      const keys = held.keys && Object.entries(held.keys);
      const fingerprints = keys?.map(([at, key]) => [at, fingerprintOf(account, key.reveal())]);
      return [
        {
          version: id,
          stages,
          createdAt: held.createdAt,
          keys: fingerprints && Object.fromEntries(fingerprints),
        },
      ];
    }),
  );
  const read = versions.flat();
  return { kind: 'usable', current: read.find(({ stages }) => stages.includes(CURRENT)), versions: read };
}
