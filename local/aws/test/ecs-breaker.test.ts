import { describe, expect, test } from '@jest/globals';
import { BREAKER_OFF, breakerCounts, breakerThreshold } from '../src/ecs/breaker.ts';

const bounded = (value: number) => ({ type: 'BOUNDED_PERCENT', value }) as const;
const unbounded = (value: number) => ({ type: 'UNBOUNDED_PERCENT', value }) as const;
const count = (value: number) => ({ type: 'COUNT', value }) as const;

describe('the number of failures that trips the circuit breaker', () => {
  test.each([
    ['one task, default', bounded(50), 1, 3],
    ['six tasks, default', bounded(50), 6, 3],
    ['seven tasks, default: half, rounded up', bounded(50), 7, 4],
    ['25 tasks, default', bounded(50), 25, 13],
    ['400 tasks, default: never above 200', bounded(50), 400, 200],
    ['1000 tasks, default: never above 200', bounded(50), 1000, 200],
    ['no task at all', bounded(50), 0, 3],
    ['two tasks, every failure of four counted: still 3', bounded(100), 2, 3],
    ['400 tasks, a per cent of them', bounded(1), 400, 4],
    ['without bounds, two tasks', unbounded(50), 2, 1],
    ['without bounds, no task at all', unbounded(50), 0, 1],
    ['without bounds, 1000 tasks', unbounded(50), 1000, 500],
    ['a plain count, whatever is desired', count(5), 400, 5],
    ['a count of one', count(1), 400, 1],
  ])('%s', (_, threshold, desired, expected) => {
    expect(breakerThreshold({ ...BREAKER_OFF, threshold }, desired)).toBe(expected);
  });
});

describe('what the circuit breaker counts', () => {
  test.each([
    ['a task that never ran, while none runs', 'never-ran', 0, true],
    ['a task that never ran, beside one that runs', 'never-ran', 1, false],
    ['a task that failed its health checks', 'unhealthy', 0, true],
    ['a task that failed its health checks beside others', 'unhealthy', 3, true],
    ['not a task that ran, was never found unhealthy, and exited', 'exited', 0, false],
  ] as const)('%s', (_, failure, running, expected) => {
    expect(breakerCounts(failure, running)).toBe(expected);
  });
});
