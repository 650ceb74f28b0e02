import type { JsonObject } from '../json.ts';
import type { Service } from '../observed.ts';
import { strategyNamed } from '../strategies/strategies.ts';
import { isObject } from '../task-definition/task-definition.ts';
import { deploymentConfigurationAfter, type ServiceChanges } from './service-update.ts';

/** The defaults of "ThresholdConfiguration", Amazon ECS API Reference, and what a bounded percentage is held between. */
const USUAL = { type: 'BOUNDED_PERCENT', value: 50 } as const;
const BOUNDS = { least: 3, most: 200 } as const;

const SMALL = 2; // tasks of a service for which the usual threshold is late

/**
 * How the circuit breaker is set once the update is made, and what would suit the service better, in a sentence each.
 * Task counts change by themselves, so none of this belongs in a plan that people approve.
 */
export function breakerNotes(
  name: string,
  service: Pick<Service, 'document' | 'breaker' | 'desired' | 'strategy'>,
  update: Pick<ServiceChanges, 'members'>,
): readonly string[] {
  const set = deploymentConfigurationAfter(update, service)['deploymentCircuitBreaker'];
  const breaker: JsonObject = isObject(set)
    ? set
    : { enable: service.breaker.enabled, rollback: service.breaker.rollback };
  if (breaker['enable'] !== true || breaker['rollback'] !== true) return []; // the preflight warns of that
  if (!strategyNamed(service.strategy).hasBreaker) return [];
  const { type, value } = thresholdOf(breaker);
  const failures = failuresOf(type, value, service.desired);
  const reset = breaker['resetOnHealthyTask'] !== false;
  const counted = reset ? 'in a row' : 'in all';
  const tasks = service.desired === 1 ? 'one task' : `${service.desired} tasks`;
  const setting = `The circuit breaker of ${name} rolls back after ${failures} failures ${counted} (${type} ${value}, ${tasks}).`;
  if (service.desired > SMALL || (failures <= SMALL && !reset)) return [setting];
  return [
    setting,
    `For a service of ${tasks}, a thresholdConfiguration of COUNT 2 with resetOnHealthyTask false speaks sooner, and also when a task runs well for a moment before it dies.`,
  ];
}

function thresholdOf(breaker: JsonObject): { readonly type: string; readonly value: number } {
  const threshold = breaker['thresholdConfiguration'];
  const { type, value } = isObject(threshold) ? threshold : {};
  return {
    type: typeof type === 'string' ? type : USUAL.type,
    value: typeof value === 'number' ? value : USUAL.value,
  };
}

/** Failed tasks after which a deployment has failed ("Deployment circuit breaker", Amazon ECS Developer Guide). */
function failuresOf(type: string, value: number, desired: number): number {
  if (type === 'COUNT') return value;
  const share = Math.ceil((value / 100) * desired);
  return type === 'UNBOUNDED_PERCENT' ? share : Math.min(Math.max(share, BOUNDS.least), BOUNDS.most);
}
