import { isMapping, type Mapping, text, type Value } from '../value.ts';
import { evaluate } from './evaluate.ts';
import type { Scope } from './scope.ts';
import { segmentsOf } from './segments.ts';

/** Evaluates every `${{ }}` in the value. A scalar that is one expression keeps the expression's type. */
export function fill(value: Value, scope: Scope): Value {
  if (typeof value === 'string') return fillScalar(value, scope);
  if (isMapping(value)) return fillMapping(value, scope);
  if (value !== null && typeof value === 'object') return value.map((each) => fill(each, scope));
  return value;
}

/** Keys may hold expressions too. */
export function fillMapping(value: Mapping, scope: Scope): Mapping {
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [text(fillScalar(key, scope)), fill(each, scope)]),
  );
}

export function fillText(value: Value | undefined, scope: Scope): string {
  return text(fill(value ?? null, scope));
}

function fillScalar(scalar: string, scope: Scope): Value {
  const segments = segmentsOf(scalar);
  const [only] = segments;
  if (segments.length === 1 && only?.kind === 'expression') return evaluate(only.source, scope).value;
  return segments
    .map((segment) => (segment.kind === 'text' ? segment.text : text(evaluate(segment.source, scope).value)))
    .join('');
}
