import type { Outcome } from '@tenant-delivery/action-kit/main';
import { go } from './go.ts';
import type { AgreedInputs, AloneInputs } from './inputs.ts';
import type { AgreedWorld, RotateWorld } from './rotate-world.ts';

/** A request with the world that was opened for it: no more of it than the request needs. */
export type Rotation =
  | { readonly kind: 'agreed'; readonly given: AgreedInputs; readonly world: AgreedWorld }
  | { readonly kind: 'alone'; readonly given: AloneInputs; readonly world: RotateWorld };

export async function run(rotation: Rotation): Promise<Outcome> {
  if (rotation.kind === 'alone') return go(rotation.given, rotation.world);
  const { runAgreed } = await import('./run-agreed.ts');
  return runAgreed(rotation.given, rotation.world);
}
