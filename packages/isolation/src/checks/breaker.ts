import type { BreakerConfiguration } from '@tenant-delivery/deployment/observed';
import type { Verdict } from '../check.ts';
import { fail, pass } from '../verdict.ts';

export interface ObservedBreaker {
  /** As it will be: what the update asks for, or what the service has. */
  readonly breaker: BreakerConfiguration;
}

export function judgeBreaker({ breaker }: ObservedBreaker): Verdict {
  if (breaker.enabled && breaker.rollback) return pass('enabled, and rolls back');
  return fail(
    breaker.enabled ? 'enabled, without rollback' : 'not enabled',
    'Enable the deployment circuit breaker with rollback: nothing else stops a failing deployment if this run ends early.',
  );
}
