import { dryRun } from './dry-run.ts';
import { type EngineWorld, type Kind, type RunEnd, rotate } from './engine.ts';
import type { Plan } from './plan.ts';

/** A credential of any kind, ready to be rotated. */
export interface Rotatable {
  rotate(world: EngineWorld): Promise<RunEnd>;
  /** Looks and plans; sends nothing that changes anything. */
  plan(world: Pick<EngineWorld, 'vault' | 'time'>): Promise<Plan<{ readonly do: string }, object>>;
}

/** `refusing`: the same kind over a world that refuses whatever would change something. */
export function rotatable<
  Snapshot,
  Step extends { readonly do: string },
  Note extends { readonly kind: string },
>(credential: string, kind: Kind<Snapshot, Step, Note>, refusing: Kind<Snapshot, Step, Note>): Rotatable {
  return {
    rotate: (world) => rotate(credential, kind, world),
    plan: (world) => dryRun(credential, refusing, world),
  };
}
