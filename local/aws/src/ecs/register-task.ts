import { randomUUID } from 'node:crypto';
import { registerTarget } from '../balancer/registration.ts';
import { AwsError } from '../world/service.ts';
import type { World } from '../world/world.ts';
import { isOver } from './draft.ts';
import { say } from './events.ts';
import type { TargetNews } from './happening.ts';
import type { ServiceState } from './state.ts';
import type { Task } from './task-state.ts';

const AGAIN = 30_000; // virtual milliseconds; no page says how soon ECS tries again

interface Registration {
  readonly account: string;
  readonly region: string;
  readonly targetGroupArn: string;
  readonly port: number;
}

/** Registers a task as a target. What the balancer refuses, ECS tells in an event, and tries again ("Amazon ECS service event messages"). */
export function registerTask(
  world: World,
  serviceNow: () => ServiceState | undefined,
  task: Task,
  { account, region, targetGroupArn, port }: Registration,
  tell: (news: TargetNews) => void,
): void {
  const address = { targetGroupArn, id: task.address, port, zone: task.subnet.zone };
  const attempt = (): void => {
    try {
      registerTarget(world, account, region, address, tell);
    } catch (refused) {
      if (!(refused instanceof AwsError)) throw refused;
      const text = `failed to register targets in (target-group ${targetGroupArn}) with (error ${refused.message})`;
      const service = serviceNow();
      if (service) say(service, text, { now: world.clock.now(), id: randomUUID() });
      world.clock.after(AGAIN, () => {
        const there = serviceNow()?.tasks.find(({ id }) => id === task.id);
        if (there && !isOver(there)) attempt();
      });
    }
  };
  attempt();
}
