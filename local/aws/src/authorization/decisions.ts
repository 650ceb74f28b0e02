import type { Principal } from '../world/service.ts';
import type { World } from '../world/world.ts';
import type { Ask } from './ask.ts';

/** What IAM was asked by one caller, and what it answered. */
export interface Decided {
  /** On the world's clock. */
  readonly time: number;
  readonly principal: Principal;
  readonly region: string;
  readonly ask: Ask;
  readonly allowed: boolean;
  /** Why it was denied, as AWS says it. */
  readonly why?: string;
}

const ofWorld = new WeakMap<World, Decided[]>();

/** All that IAM was asked in this world, the oldest first. It is not saved with the world's state. */
export function decisionsIn(world: World): readonly Decided[] {
  return listOf(world);
}

export function keepDecision(world: World, decided: Decided): void {
  listOf(world).push(decided);
}

function listOf(world: World): Decided[] {
  const list = ofWorld.get(world) ?? [];
  ofWorld.set(world, list);
  return list;
}
