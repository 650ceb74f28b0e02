import type { Outcome } from '@tenant-delivery/action-kit/main';
import { DAY, DEFAULT_POLICY } from '@tenant-delivery/rotation/access-key/policy';
import { go } from './go.ts';
import type { AgreedInputs, AloneInputs } from './inputs.ts';
import type { AgreedWorld, RotateWorld } from './rotate-world.ts';

/** A request with the world that was opened for it: no more of it than the request needs. */
export type Rotation =
  | { readonly kind: 'agreed'; readonly given: AgreedInputs; readonly world: AgreedWorld }
  | { readonly kind: 'alone'; readonly given: AloneInputs; readonly world: RotateWorld };

export async function run(rotation: Rotation): Promise<Outcome> {
  if (rotation.kind === 'agreed') {
    const { runAgreed } = await import('./run-agreed.ts');
    return runAgreed(rotation.given, rotation.world);
  }
  const { given, world } = rotation;
  const times = {
    maxAge: given['max-age-days'] * DAY,
    grace: given['grace-days'] * DAY,
    drainDeadline: given['drain-days'] * DAY,
  };
  return go(given, { ...DEFAULT_POLICY, ...times }, world);
}
