import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countsAsHealthy, FIRST_CHECKS, failedCheck, judgeCheck } from '../src/balancer/health.ts';
import type { HealthCheckRule, TargetHealth } from '../src/balancer/state.ts';
import type { ProbeAnswer } from '../src/runtimes/runtime.ts';

const RULE: HealthCheckRule = {
  path: '/healthz',
  intervalSeconds: 10,
  timeoutSeconds: 5,
  healthyThreshold: 3,
  unhealthyThreshold: 2,
  matcher: '200-299',
};
const PASS: ProbeAnswer = { kind: 'answered', status: 204 };
const FAIL: ProbeAnswer = { kind: 'timeout' };

const after = (answers: readonly ProbeAnswer[], from: TargetHealth = FIRST_CHECKS) =>
  answers.reduce((health, answer) => judgeCheck(health, answer, RULE), from).standing.state;

describe('the state of a target', () => {
  test.each([
    ['one passing check makes a new one healthy', [PASS], 'healthy'],
    ['one failing check leaves a new one initial', [FAIL], 'initial'],
    ['two failing checks make a new one unhealthy', [FAIL, FAIL], 'unhealthy'],
    ['one failing check leaves a healthy one healthy', [PASS, FAIL], 'healthy'],
    ['failing checks count only in a row', [PASS, FAIL, PASS, FAIL], 'healthy'],
    ['an unhealthy one needs the healthy threshold', [FAIL, FAIL, PASS, PASS], 'unhealthy'],
    ['three passing checks heal an unhealthy one', [FAIL, FAIL, PASS, PASS, PASS], 'healthy'],
    ['a failure in between starts the count again', [FAIL, FAIL, PASS, PASS, FAIL, PASS, PASS], 'unhealthy'],
  ] as const)('%s', (_, answers, expected) => {
    expect(after(answers)).toBe(expected);
  });

  test('after as many equal checks as its threshold it says what the checks say', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(PASS, FAIL), { maxLength: 20 }), (history) => {
        expect(after([...history, PASS, PASS, PASS])).toBe('healthy');
        expect(after([...history, FAIL, FAIL])).toBe('unhealthy');
      }),
    );
  });

  test.each([
    ['checks-failed-inside', 'unhealthy Elb.InternalError'],
    ['health-unavailable', 'unavailable Elb.InternalError'],
    ['checks-disabled', 'unavailable Target.HealthCheckDisabled'],
    ['address-reserved', 'unused Target.IpUnusable'],
    ['stopped', 'unused Target.InvalidState'],
    ['draining-unhealthy', 'unhealthy.draining Target.FailedHealthChecks'],
  ] as const)("is the balancer's own word where it has one: %s", (verdict, expected) => {
    const { standing } = judgeCheck(FIRST_CHECKS, { kind: 'not-asked', verdict }, RULE);
    expect(`${standing.state} ${Reflect.get(standing, 'reason')}`).toBe(expected);
    expect(countsAsHealthy(standing)).toBe(verdict === 'checks-disabled');
    expect(after([{ kind: 'not-asked', verdict }, PASS, PASS, PASS])).toBe('healthy');
  });

  test('draining stays draining, whatever is answered', () => {
    expect(after([PASS, PASS], { standing: { state: 'draining' }, passes: 0, fails: 0 })).toBe('draining');
  });
});

describe('why a check failed', () => {
  test.each([
    [{ kind: 'answered', status: 200 }, '200', undefined],
    [{ kind: 'answered', status: 204 }, '200,204', undefined],
    [{ kind: 'answered', status: 302 }, '200-399', undefined],
    [
      { kind: 'answered', status: 503 },
      '200',
      'Target.ResponseCodeMismatch: Health checks failed with these codes: [503]',
    ],
    [{ kind: 'timeout' }, '200', 'Target.Timeout: Request timed out'],
    [{ kind: 'refused' }, '200', 'Target.FailedHealthChecks: Health checks failed'],
  ] as const)('%j against %s', (answer, matcher, expected) => {
    const failed = failedCheck(answer, matcher);
    expect(failed && `${failed.reason}: ${failed.description}`).toBe(expected);
  });
});
