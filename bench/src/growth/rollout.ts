import { aRollout } from '@tenant-delivery/deployment/test/follow/a-rollout';
import { measureRow } from '../growth-row.ts';

const FIRST = 15; // seconds until the first task runs
const LAST = 570;
const OVER = 597;
const HEALTHY_AFTER = 12;

await measureRow({
  work: 'follow a rollout of ten minutes, whose tasks start one after the other',
  n: 2,
  atMost: { processor: 2.5, calls: 1.1 },
  setUp: async (tasks) => ({
    run: async () => {
      const starts = Array.from({ length: tasks }, (_, at) => FIRST + (at * (LAST - FIRST)) / tasks);
      const since = (seconds: number) => starts.filter((at) => at <= seconds).length;
      const { calls, follow } = aRollout({
        minutes: 30,
        script: (seconds) => ({
          requested: tasks,
          running: since(seconds),
          healthy: since(seconds - HEALTHY_AFTER),
          old: tasks - since(seconds - HEALTHY_AFTER),
          ...(seconds >= OVER && { status: 'SUCCESSFUL' }),
        }),
      });
      const { outcome } = await follow();
      if (outcome !== 'deployed') throw new Error(`the rollout ended ${outcome}`);
      return { calls: calls.length };
    },
  }),
});
