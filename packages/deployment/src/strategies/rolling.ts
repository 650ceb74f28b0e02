import type { Strategy } from './strategy.ts';

/** ECS replaces tasks in place, a batch at a time. What a service has that names no strategy. */
export const rolling: Strategy = {
  name: 'ROLLING',
  shiftsTraffic: false,
  endsInService: true,
  hasBreaker: true,
  lostAfter: 5_000,
  startsTasksAt: () => true,
  restAt: () => 0,
  waits: () => [],
  shifts: () => 0,
  addresses: ({ desired, running, maximumPercent }) =>
    Math.max(0, Math.floor((desired * maximumPercent) / 100) - running),
};
