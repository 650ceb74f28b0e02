import { expect, test } from '@jest/globals';
import { breakerNotes } from '../../src/plan/breaker-notes.ts';

const on = { enable: true, rollback: true };

function notes(desired: number, deploymentCircuitBreaker: object, members = {}, strategy = 'ROLLING') {
  const breaker = { enabled: false, rollback: false };
  const document = { deploymentConfiguration: { deploymentCircuitBreaker: { ...deploymentCircuitBreaker } } };
  return breakerNotes('orders', { document, breaker, desired, strategy }, { members }).join(' ');
}

test.each([
  [1, {}, 3],
  [25, {}, 13],
  [400, {}, 200],
  [3, { thresholdConfiguration: { type: 'UNBOUNDED_PERCENT', value: 34 } }, 2],
  [8, { thresholdConfiguration: { type: 'COUNT', value: 2 } }, 2],
  [30, { thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: 10 } }, 3],
])('of %d tasks, the breaker with %j speaks after %d failures', (desired, settings, failures) => {
  expect(notes(desired, { ...on, ...settings })).toContain(`rolls back after ${failures} failures in a row`);
});

test('a service of one or two tasks is told what would speak sooner, unless it has that', () => {
  const sooner = { resetOnHealthyTask: false, thresholdConfiguration: { type: 'COUNT', value: 2 } };
  expect(notes(2, on)).toContain('COUNT 2 with resetOnHealthyTask false');
  expect(notes(3, on)).not.toContain('COUNT 2');
  expect(notes(2, { ...on, ...sooner })).toBe(
    'The circuit breaker of orders rolls back after 2 failures in all (COUNT 2, 2 tasks).',
  );
});

test('a breaker that is off after the update is the preflight to warn of, and needs no second sentence', () => {
  const members = {
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: false, rollback: false } },
  };
  expect(notes(4, on, members)).toBe('');
  expect(notes(4, { enable: true, rollback: false })).toBe('');
  expect(notes(4, on, {}, 'CANARY')).toBe('');
});
