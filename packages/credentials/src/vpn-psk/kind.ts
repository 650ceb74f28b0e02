import type { Kind } from '@tenant-delivery/rotation/kind';
import { rotatable } from '@tenant-delivery/rotation/rotatable';
import type { Masker } from '@tenant-delivery/rotation/secret';
import { applyVpnPskStep } from './apply.ts';
import { type Note, readVpnPskFact, type Step } from './facts.ts';
import { observeVpnPsk, type VpnPskWorld } from './observe.ts';
import { planVpnPsk } from './plan.ts';
import type { VpnPskPolicy } from './policy.ts';
import { progressOf } from './progress.ts';
import { refusingVpnPskWorld } from './refusing.ts';
import type { Snapshot } from './snapshot.ts';

interface Run {
  readonly masker: Masker;
  readonly process: string;
}

/** The pre-shared keys of a VPN connection, as the engine rotates them. */
export function vpnPskKind(
  world: VpnPskWorld,
  policy: VpnPskPolicy,
  { masker, process }: Run,
): Kind<Snapshot, Step, Note> {
  return {
    readFact: readVpnPskFact,
    observe: (journal) => observeVpnPsk(world, progressOf(journal)),
    plan: (seen, journal, now) => planVpnPsk(seen, journal, policy, now, process),
    apply: (step) => applyVpnPskStep(world, step, masker),
    // a key proves itself by the tunnel that comes up with it
    prove: () => Promise.reject(new TypeError('a key of a tunnel is proven by what is observed')),
  };
}

/** The pre-shared keys of a VPN connection, ready to be rotated. */
export const rotatableVpnPsk = rotatable(vpnPskKind, refusingVpnPskWorld);
