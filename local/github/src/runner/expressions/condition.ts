import { truthy, type Value } from '../value.ts';
import { evaluate } from './evaluate.ts';
import type { Scope } from './scope.ts';
import { segmentsOf } from './segments.ts';
import { fillText } from './template.ts';

/**
 * Whether an `if` holds. Without a status function it means `success() && (…)`; without an `if` it means
 * `success()` (GitHub, "Evaluate expressions": status check functions).
 */
export function holds(condition: Value | undefined, scope: Scope): boolean {
  if (condition === undefined || condition === null || condition === '') return scope.status.success();
  if (typeof condition !== 'string') return truthy(condition) && scope.status.success();
  const segments = segmentsOf(condition.trim());
  const [only] = segments;
  if (segments.some(({ kind }) => kind === 'expression') && segments.length > 1) {
    return truthy(fillText(condition, scope)) && scope.status.success();
  }
  const source = only?.kind === 'expression' ? only.source : condition;
  const { value, usesStatus } = evaluate(source, scope);
  return truthy(value) && (usesStatus || scope.status.success());
}
