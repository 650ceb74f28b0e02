import { describe, expect, it } from '@jest/globals';
import { groupMistakes, nameMistakes, ruleMistakes } from '../src/balancer/settings-mistakes.ts';

describe('settings of a balancer', () => {
  const path = (...Values: string[]) => ({ Field: 'path-pattern', PathPatternConfig: { Values } });

  it.each<[string, Iterable<string>]>([
    ['a rule of priority 0', ruleMistakes({ Priority: 0, Conditions: [path('/a')] })],
    ['a rule of priority 50,001', ruleMistakes({ Priority: 50_001, Conditions: [path('/a')] })],
    ['a rule without a condition', ruleMistakes({ Priority: 1, Conditions: [] })],
    ['six values', ruleMistakes({ Priority: 1, Conditions: [path('1', '2', '3'), path('4', '5', '6')] })],
    ['a long value', ruleMistakes({ Priority: 1, Conditions: [path(`/${'x'.repeat(128)}`)] })],
    ['a name that ends in a hyphen', nameMistakes('target group', 'orders-')],
    ['a name with a dot', nameMistakes('load balancer', 'acme.prod')],
    ['a matcher in the wrong order', groupMistakes({ Matcher: { HttpCode: '299-200' } })],
  ])('%s is refused', (_, mistakes) => {
    expect([...mistakes]).toHaveLength(1);
  });

  it('as AWS takes them pass', () => {
    const rule = { Priority: 50_000, Conditions: [path('/orders/*', '/orders')] };
    const group = { Port: 65_535, HealthCheckIntervalSeconds: 300, HealthCheckTimeoutSeconds: 120 };
    const matched = { Matcher: { HttpCode: '200,204-299,404' } };
    expect([...ruleMistakes(rule), ...groupMistakes(group), ...groupMistakes(matched)]).toEqual([]);
    expect([...nameMistakes('target group', 'internal-orders')]).toEqual([]);
  });
});
