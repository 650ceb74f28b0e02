import { expect, test } from '@jest/globals';
import type { ContainerOrder } from '../src/runtimes/runtime.ts';
import { simulatedRuntime, type TaskScript } from '../src/runtimes/simulated.ts';
import type { VirtualClock } from '../src/world/clock.ts';

/** A task with this script on a machine that is too slow for its timers: time passes, and only the first ones ran. */
function lateTask(script: TaskScript) {
  let now = 0;
  const due: (() => void)[] = [];
  const clock: VirtualClock = {
    scale: 1,
    now: () => now,
    after: (_, work) => {
      due.push(work);
      return () => undefined;
    },
    sleep: async () => undefined,
    variable: '',
    date: () => new Date(now),
  };
  const runtime = simulatedRuntime({ clock });
  runtime.script('orders', script);
  const order = {
    account: '000011112222',
    region: 'eu-west-1',
    task: '0123',
    family: 'acme-prod-orders',
    service: 'orders',
    group: 'service:orders',
    startedBy: 'ecs-svc/1',
    address: '10.0.1.4',
    subnet: { id: 'subnet-a', cidr: '10.0.1.0/24' },
    containers: [] as readonly ContainerOrder[],
  };
  const task = runtime.run(order, {
    started: () => undefined,
    ended: () => undefined,
    interrupted: () => undefined,
  });
  due.shift()?.();
  return {
    answerAt: (seconds: number) => {
      now = seconds * 1_000;
      return task.probe({ port: 8080, path: '/', timeoutSeconds: 5 });
    },
  };
}

test('a task that should have crashed by now answers no check, however late the machine is', async () => {
  const task = lateTask({ exit: { code: 1, afterSeconds: 2 }, healthyAfterSeconds: 1 });
  expect(await task.answerAt(1.5)).toEqual({ kind: 'answered', status: 200 });
  expect(await task.answerAt(7)).toEqual({ kind: 'refused' });
});
