import type { World } from '../../world/world.ts';
import type { TaskOrigin } from '../describe-task.ts';
import type { TaskRun } from '../task-state.ts';

/** A task that RunTask started: plain data, like everything that is kept. */
export interface OneOffTask extends TaskRun {
  readonly cluster: string;
  readonly origin: TaskOrigin;
}

export interface OneOffStore {
  /** By id. */
  readonly tasks: Record<string, OneOffTask>;
  /** By client token. */
  readonly tokens: Record<string, SpentToken>;
  /** Host number last given to a task, by subnet. */
  readonly lastHost: Record<string, number>;
}

export interface SpentToken {
  /** The request as JSON, without the token. */
  readonly request: string;
  readonly tasks: readonly string[];
  readonly spentAt: number;
}

export function oneOffStore(world: World, account: string, region: string): OneOffStore {
  return world.state<OneOffStore>('ecs-one-off', account, region, () => ({
    tasks: {},
    tokens: {},
    lastHost: {},
  }));
}
