import { truthy, type Value } from '../value.ts';
import { type Evaluated, evaluate } from './evaluate.ts';
import type { Scope } from './scope.ts';
import { segmentsOf } from './segments.ts';
import { fillText } from './template.ts';

/**
 * Whether an `if` holds. Without a status function it means `success() && (…)`; without an `if` it means
 * `success()` (GitHub, "Evaluate expressions": status check functions). Assumes
 * github-needs-counts-indirect-jobs.
 */
export function holds(condition: Value | undefined, scope: Scope): boolean {
  if (condition === undefined || condition === null || condition === '') return scope.status.success();
  const { value, usesStatus } = conditionOf(condition, scope);
  return truthy(value) && (usesStatus || scope.status.success());
}

/** Whether the `pre-if` or `post-if` of an action holds: as it is written, also in a job that has failed. */
export function holdsAsWritten(condition: string, scope: Scope): boolean {
  return condition === '' || truthy(conditionOf(condition, scope).value);
}

function conditionOf(condition: Value, scope: Scope): Evaluated {
  if (typeof condition !== 'string') return { value: condition, usesStatus: false };
  const segments = segmentsOf(condition.trim());
  const [only] = segments;
  if (segments.some(({ kind }) => kind === 'expression') && segments.length > 1)
    return { value: fillText(condition, scope), usesStatus: false };
  return evaluate(only?.kind === 'expression' ? only.source : condition, scope);
}
