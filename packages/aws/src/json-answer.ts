import type { Json } from '@tenant-delivery/domain';

/** Members of an answer that was read by hand; one of another type counts as absent. */
export function objectsIn(answer: Json, name: string): readonly Json[] | undefined {
  const value = memberOf(answer, name);
  return Array.isArray(value) ? value : undefined;
}

export function textIn(answer: Json, name: string): string | undefined {
  const value = memberOf(answer, name);
  return typeof value === 'string' ? value : undefined;
}

export function numberIn(answer: Json, name: string): number | undefined {
  const value = memberOf(answer, name);
  return typeof value === 'number' ? value : undefined;
}

export function numbersIn(answer: Json, name: string): readonly number[] {
  return (objectsIn(answer, name) ?? []).filter((value) => typeof value === 'number');
}

function memberOf(answer: Json, name: string): unknown {
  return typeof answer === 'object' && answer !== null && Object.hasOwn(answer, name)
    ? Reflect.get(answer, name)
    : undefined;
}
