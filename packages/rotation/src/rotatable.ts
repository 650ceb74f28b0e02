import { dryRun } from './dry-run.ts';
import { type EngineWorld, type RunEnd, rotate } from './engine.ts';
import type { Kind, Seen } from './kind.ts';
import type { Plan } from './plan.ts';

/** A credential of any kind, ready to be rotated. */
export interface Rotatable {
  rotate(world: EngineWorld): Promise<RunEnd>;
  /** Looks and plans; sends nothing that changes anything. */
  plan(world: Pick<EngineWorld, 'vault' | 'time'>): Promise<Plan<{ readonly do: string }, object>>;
}

/**
 * Makes credentials of one kind ready to be rotated. `refusing`: the same world, in which whatever would change something
 * throws before it is sent.
 */
export function rotatable<
  World,
  Policy,
  Run,
  Snapshot extends Seen,
  Step extends { readonly do: string },
  Note extends { readonly kind: string },
>(
  kindOf: (world: World, policy: Policy, run: Run, credential: string) => Kind<Snapshot, Step, Note>,
  refusing: (world: World) => World,
) {
  return (credential: string, world: World, policy: Policy, run: Run): Rotatable => ({
    rotate: (engine) => rotate(credential, kindOf(world, policy, run, credential), engine),
    plan: (engine) => dryRun(credential, kindOf(refusing(world), policy, run, credential), engine),
  });
}
