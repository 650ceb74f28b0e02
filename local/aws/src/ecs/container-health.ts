import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { ContainerHealthCheck, ContainerOrder, RunningTask } from '../runtimes/runtime.ts';
import type { VirtualClock } from '../world/clock.ts';
import type { ContainerHealth } from './task-state.ts';

/** A container's standing by its own checks; `fails` counts those in a row. */
export interface CheckedContainer {
  readonly health: ContainerHealth;
  readonly fails: number;
}

export const UNCHECKED: CheckedContainer = { health: 'UNKNOWN', fails: 0 };

/** What a container definition says of its health check, with the defaults of ECS ("HealthCheck"). */
export function healthCheckOf({ healthCheck }: ContainerDefinition): ContainerHealthCheck | undefined {
  if (!healthCheck) return undefined;
  return {
    command: healthCheck.command ?? [],
    intervalSeconds: healthCheck.interval ?? 30,
    timeoutSeconds: healthCheck.timeout ?? 5,
    retries: healthCheck.retries ?? 3,
    startPeriodSeconds: healthCheck.startPeriod ?? 0,
  };
}

/** One more check. While it may still be starting a failure counts nothing; the first success ends that. */
export function judgeContainer(
  before: CheckedContainer,
  passed: boolean,
  { retries }: Pick<ContainerHealthCheck, 'retries'>,
  starting: boolean,
): CheckedContainer {
  if (passed) return { health: 'HEALTHY', fails: 0 };
  if (starting && before.health === 'UNKNOWN') return before;
  const fails = before.fails + 1;
  return { health: fails >= retries ? 'UNHEALTHY' : before.health, fails };
}

/** Checks each container that asks for it, for as long as its task runs; the answer ends it. */
export function watchContainers(
  clock: VirtualClock,
  containers: readonly ContainerOrder[],
  running: RunningTask,
  tell: (container: string, health: ContainerHealth) => void,
): () => void {
  let over = false;
  for (const { name, healthCheck } of containers) if (healthCheck) watch(name, healthCheck);
  return () => {
    over = true;
  };

  function watch(name: string, check: ContainerHealthCheck): void {
    const since = clock.now();
    let standing = UNCHECKED;
    const again = () => void clock.after(check.intervalSeconds * 1_000, () => void once());
    const once = async () => {
      if (over) return;
      const passed = await running.checkContainer(name, check);
      if (over) return;
      const starting = clock.now() - since < check.startPeriodSeconds * 1_000;
      const before = standing.health;
      standing = judgeContainer(standing, passed, check, starting);
      if (standing.health !== before) tell(name, standing.health);
      again();
    };
    again();
  }
}
