import type { Outcome } from '@tenant-delivery/action-kit/main';
import type { AgreedInputs, AloneInputs } from './inputs.ts';
import { runAgreed } from './run-agreed.ts';
import { runAlone } from './run-alone.ts';
import type { AloneWorld, VerifyWorld } from './verify-world.ts';

/** A request with the world that was opened for it: no more of it than the request needs. */
export type Verification =
  | { readonly kind: 'agreed'; readonly given: AgreedInputs; readonly world: VerifyWorld }
  | { readonly kind: 'alone'; readonly given: AloneInputs; readonly world: AloneWorld };

export async function run(verification: Verification): Promise<Outcome> {
  return verification.kind === 'agreed'
    ? runAgreed(verification.given, verification.world)
    : runAlone(verification.given, verification.world);
}
