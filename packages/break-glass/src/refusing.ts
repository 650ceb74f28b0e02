import { refused } from '@tenant-delivery/rotation/dry-run';
import type { BreakGlassWorld } from './ports.ts';

/** The same world, in which nothing can be changed. */
export function refusingBreakGlassWorld({ caller, role, trail }: BreakGlassWorld): BreakGlassWorld {
  const { describe, guard } = role;
  return {
    caller,
    role: {
      describe: () => describe(),
      guard: () => guard(),
      putGuard: refused('a policy of the role'),
      putTrust: refused('a trust policy'),
    },
    trail,
  };
}
