import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { AwsError } from '../world/service.ts';
import { BREAKER_OFF, type BreakerSettings } from './breaker.ts';
import { readPlan } from './read-plan.ts';
import type { ServiceSettings } from './state.ts';
import { whole } from './whole.ts';

/** Sent in part, the rest goes back to the defaults: merge with what is there before sending. */
export function rolloutSettings(given: DeploymentConfiguration | undefined): Partial<ServiceSettings> {
  if (!given) return {};
  const minimumHealthyPercent = whole(given.minimumHealthyPercent, 'minimumHealthyPercent') ?? 100;
  const maximumPercent = whole(given.maximumPercent, 'maximumPercent') ?? 200;
  return {
    minimumHealthyPercent,
    maximumPercent,
    breaker: breaker(given.deploymentCircuitBreaker),
    rollout: readPlan(given),
  };
}

function breaker(given: DeploymentConfiguration['deploymentCircuitBreaker']): BreakerSettings {
  if (!given) return BREAKER_OFF;
  const type = given.thresholdConfiguration?.type ?? BREAKER_OFF.threshold.type;
  const value = given.thresholdConfiguration?.value ?? BREAKER_OFF.threshold.value;
  if (!Number.isInteger(value) || value < 1 || (type !== 'COUNT' && value > 100)) {
    throw invalid('The circuit breaker threshold is a whole number from 1, a percentage at most 100.');
  }
  return {
    enable: given.enable ?? false,
    rollback: given.rollback ?? false,
    resetOnHealthyTask: given.resetOnHealthyTask ?? true,
    threshold: { type, value },
  };
}

const invalid = (message: string) => new AwsError('InvalidParameterException', message);
