import { blueGreen } from './blue-green.ts';
import { canary } from './canary.ts';
import { linear } from './linear.ts';
import { rolling } from './rolling.ts';
import { shifting } from './shifting.ts';
import type { Strategy } from './strategy.ts';

/** The strategies that ECS itself carries out. */
export const STRATEGIES: readonly Strategy[] = [rolling, blueGreen, linear, canary];

/** One that AWS may add: a service with it is not deployed to, and a deployment by it is followed to ECS's own end. */
const unknown = (name: string): Strategy =>
  shifting({ name, waits: () => [], shifts: () => 1, betweenShifts: () => 0 });

export function strategyNamed(name: string): Strategy {
  return STRATEGIES.find((each) => each.name === name) ?? unknown(name);
}

/** Whether it is known how a deployment by it goes and ends. */
export function isKnownStrategy(name: string): boolean {
  return STRATEGIES.some((each) => each.name === name);
}
