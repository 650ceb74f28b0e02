import type { ProbeAnswer } from '../runtimes/runtime.ts';
import type { FailedCheck, HealthCheckRule, TargetHealth } from './state.ts';

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
  const failed = failedCheck(answer, rule.matcher);
  if (failed) {
    const fails = health.fails + 1;
    const unhealthy = standing.state === 'unhealthy' || fails >= rule.unhealthyThreshold;
    return { standing: unhealthy ? { state: 'unhealthy', ...failed } : standing, passes: 0, fails };
  }
  const passes = health.passes + 1;
  const healthy =
    standing.state === 'healthy' || standing.state === 'initial' || passes >= rule.healthyThreshold;
  return { standing: healthy ? { state: 'healthy' } : standing, passes, fails: 0 };
}

export function failedCheck(answer: ProbeAnswer, matcher: string): FailedCheck | undefined {
  switch (answer.kind) {
    case 'timeout':
      return { reason: 'Target.Timeout', description: 'Request timed out' };
    case 'refused':
      return { reason: 'Target.FailedHealthChecks', description: 'Health checks failed' };
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
