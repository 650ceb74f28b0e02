import { describe, expect, test } from '@jest/globals';
import { judgeContainer, UNCHECKED } from '../src/ecs/container-health.ts';

const PASS = true;
const FAIL = false;
const RULE = { retries: 3 };

/** Where a container stands after these checks, the first `starting` of them within its start period. */
const after = (checks: readonly boolean[], starting = 0) =>
  checks.reduce((state, passed, nth) => judgeContainer(state, passed, RULE, nth < starting), UNCHECKED)
    .health;

describe('the health of a container', () => {
  test.each([
    ['is unknown before its first check', [], 0, 'UNKNOWN'],
    ['is good with one passing check', [PASS], 0, 'HEALTHY'],
    ['is unknown while fewer fail than its retries', [FAIL, FAIL], 0, 'UNKNOWN'],
    ['is bad when as many fail as its retries', [FAIL, FAIL, FAIL], 0, 'UNHEALTHY'],
    ['stays good while fewer fail in a row', [PASS, FAIL, FAIL, PASS, FAIL, FAIL], 0, 'HEALTHY'],
    ['is good again with one passing check', [FAIL, FAIL, FAIL, PASS], 0, 'HEALTHY'],
    ['does not suffer from failures within its start period', [FAIL, FAIL, FAIL, FAIL], 4, 'UNKNOWN'],
    ['counts from the end of its start period', [FAIL, FAIL, FAIL, FAIL, FAIL], 2, 'UNHEALTHY'],
    ['counts within its start period once it was good', [PASS, FAIL, FAIL, FAIL], 4, 'UNHEALTHY'],
  ] as const)('%s', (_, checks, starting, expected) => {
    expect(after(checks, starting)).toBe(expected);
  });
});
