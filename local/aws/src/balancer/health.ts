import type { BalancerVerdict, ProbeAnswer } from '../runtimes/runtime.ts';
import type { FailedCheck, HealthCheckRule, TargetHealth, TargetStanding } from './state.ts';

/** The states that a target can have without its own doing ("TargetHealth", Elastic Load Balancing API reference). */
const VERDICTS: Readonly<Record<BalancerVerdict, TargetStanding>> = {
  'checks-failed-inside': {
    state: 'unhealthy',
    reason: 'Elb.InternalError',
    description: 'Health checks failed due to an internal error',
  },
  'health-unavailable': {
    state: 'unavailable',
    reason: 'Elb.InternalError',
    description: 'Target health is unavailable due to an internal error',
  },
  'checks-disabled': {
    state: 'unavailable',
    reason: 'Target.HealthCheckDisabled',
    description: 'Health checks are disabled for the target group',
  },
  'address-reserved': {
    state: 'unused',
    reason: 'Target.IpUnusable',
    description: 'The IP address cannot be used as a target, as it is in use by a load balancer',
  },
  stopped: {
    state: 'unused',
    reason: 'Target.InvalidState',
    description: 'Target is in the stopped state',
  },
  'draining-unhealthy': {
    state: 'unhealthy.draining',
    reason: 'Target.FailedHealthChecks',
    description: 'Health checks failed',
  },
};

export const REGISTERING: TargetHealth = {
  standing: { state: 'initial', reason: 'Elb.RegistrationInProgress' },
  passes: 0,
  fails: 0,
};

export const FIRST_CHECKS: TargetHealth = {
  standing: { state: 'initial', reason: 'Elb.InitialHealthChecking' },
  passes: 0,
  fails: 0,
};

/**
 * A target after one more check. A new target turns healthy with its first passing check; afterwards the thresholds
 * decide, consecutive checks only ("Health checks for Application Load Balancer target groups").
 */
export function judgeCheck(health: TargetHealth, answer: ProbeAnswer, rule: HealthCheckRule): TargetHealth {
  const { standing } = health;
  if (standing.state === 'draining') return health;
  if (answer.kind === 'not-asked') return { standing: VERDICTS[answer.verdict], passes: 0, fails: 0 };
  const failed = failedCheck(answer, rule.matcher);
  if (failed) {
    const fails = health.fails + 1;
    const unhealthy = standing.state === 'unhealthy' || fails >= rule.unhealthyThreshold;
    return { standing: unhealthy ? { state: 'unhealthy', ...failed } : standing, passes: 0, fails };
  }
  const passes = health.passes + 1;
  const healthy = standing.state !== 'unhealthy' || passes >= rule.healthyThreshold;
  return { standing: healthy ? { state: 'healthy' } : standing, passes, fails: 0 };
}

export function failedCheck(answer: ProbeAnswer, matcher: string): FailedCheck | undefined {
  switch (answer.kind) {
    case 'timeout':
      return { reason: 'Target.Timeout', description: 'Request timed out' };
    case 'refused':
      return { reason: 'Target.FailedHealthChecks', description: 'Health checks failed' };
    case 'not-asked':
      return undefined;
    case 'answered':
      if (matches(answer.status, matcher)) return undefined;
      return {
        reason: 'Target.ResponseCodeMismatch',
        description: `Health checks failed with these codes: [${answer.status}]`,
      };
  }
}

function matches(status: number, matcher: string): boolean {
  return matcher.split(',').some((part) => {
    const [low = 0, high = low] = part.split('-').map(Number);
    return status >= low && status <= high;
  });
}

/** Whether ECS takes a target for healthy: where nothing is checked it has no reason not to. */
export function countsAsHealthy(standing: TargetStanding): boolean {
  return (
    standing.state === 'healthy' ||
    (standing.state === 'unavailable' && standing.reason === 'Target.HealthCheckDisabled')
  );
}
