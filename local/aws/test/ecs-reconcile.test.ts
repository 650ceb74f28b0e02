import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lowerBound, reconcile, type TaskView, upperBound, type Wanted } from '../src/ecs/reconcile.ts';

const wantedArbitrary: fc.Arbitrary<Wanted> = fc.record({
  desiredCount: fc.integer({ min: 0, max: 12 }),
  minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
  maximumPercent: fc.integer({ min: 100, max: 300 }),
  primary: fc.constantFrom('launching', 'failed'),
  cleanUp: fc.boolean(),
});

const tasksArbitrary: fc.Arbitrary<TaskView[]> = fc
  .array(fc.record({ zone: fc.constantFrom('a', 'b', 'c'), primary: fc.boolean(), healthy: fc.boolean() }), {
    maxLength: 24,
  })
  .map((tasks) => tasks.map((task, index) => ({ ...task, id: String(index) })));

const healthy = (tasks: readonly TaskView[]) => tasks.filter((task) => task.healthy).length;

test('stopping never takes the service below its minimum of healthy tasks', () => {
  fc.assert(
    fc.property(tasksArbitrary, wantedArbitrary, (tasks, wanted) => {
      const { stop } = reconcile(tasks, wanted);
      const left = tasks.filter((task) => !stop.includes(task.id));
      expect(healthy(left)).toBeGreaterThanOrEqual(Math.min(lowerBound(wanted), healthy(tasks)));
    }),
  );
});

test('starting never takes the service above its maximum', () => {
  fc.assert(
    fc.property(tasksArbitrary, wantedArbitrary, (tasks, wanted) => {
      const { start, stop } = reconcile(tasks, wanted);
      const after = tasks.length - stop.length + start;
      if (start > 0) expect(after).toBeLessThanOrEqual(upperBound(wanted));
    }),
  );
});

test('a deployment that failed launches nothing', () => {
  fc.assert(
    fc.property(tasksArbitrary, wantedArbitrary, (tasks, wanted) => {
      expect(reconcile(tasks, { ...wanted, primary: 'failed' }).start).toBe(0);
    }),
  );
});

test('with the desired number of healthy new tasks nothing is started and every old one goes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 0, max: 10 }),
      wantedArbitrary,
      (count, old, wanted) => {
        const task = (primary: boolean) => (_: unknown, index: number) => ({
          id: `${primary}${index}`,
          zone: 'a',
          primary,
          healthy: true,
        });
        const tasks = [
          ...Array.from({ length: count }, task(true)),
          ...Array.from({ length: old }, task(false)),
        ];
        const step = reconcile(tasks, { ...wanted, desiredCount: count, primary: 'launching' });
        expect(step).toEqual({
          start: 0,
          stop: tasks.filter((one) => !one.primary).map((one) => one.id),
          stuck: false,
        });
      },
    ),
  );
});
