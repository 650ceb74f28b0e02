import type { World } from '../world/world.ts';

/** What is to be answered instead of the truth: steps by account and digest, for one kind of question. */
export interface Script<Step> {
  /**
   * The n-th question about `digest` (`*`: about any image) in an account gets the n-th step; the last step stays.
   * An empty list ends the script.
   */
  set(world: World, account: string, digest: string, steps: readonly Step[]): void;
  next(world: World, account: string, digest: string): Step | undefined;
}

export function script<Step>(): Script<Step> {
  const worlds = new WeakMap<World, Map<string, Step[]>>();
  return {
    set(world, account, digest, steps) {
      const ofWorld = worlds.get(world) ?? new Map<string, Step[]>();
      worlds.set(world, ofWorld);
      ofWorld.set(`${account} ${digest}`, [...steps]);
    },
    next(world, account, digest) {
      const ofWorld = worlds.get(world);
      const steps = ofWorld?.get(`${account} ${digest}`) ?? ofWorld?.get(`${account} *`) ?? [];
      return steps.length > 1 ? steps.shift() : steps[0];
    },
  };
}
