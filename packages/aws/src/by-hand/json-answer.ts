import type { Json } from '@tenant-delivery/domain';

/** Members of an answer that was read by hand; one of another type counts as absent. */
export function objectsIn(answer: Json, name: string): readonly Json[] | undefined {
  const value = memberOf(answer, name);
  return Array.isArray(value) ? value : undefined;
}

export function objectIn(answer: Json, name: string): Json | undefined {
  const value = memberOf(answer, name);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json) // a member of JSON
    : undefined;
}

export function textIn(answer: Json, name: string): string | undefined {
  const value = memberOf(answer, name);
  return typeof value === 'string' ? value : undefined;
}

export function numberIn(answer: Json, name: string): number | undefined {
  const value = memberOf(answer, name);
  return typeof value === 'number' ? value : undefined;
}

export function booleanIn(answer: Json, name: string): boolean | undefined {
  const value = memberOf(answer, name);
  return typeof value === 'boolean' ? value : undefined;
}

export function numbersIn(answer: Json, name: string): readonly number[] {
  return (objectsIn(answer, name) ?? []).filter((value) => typeof value === 'number');
}

/** A time in milliseconds since the epoch; it travels as seconds, with a fraction. */
export function timeIn(answer: Json, name: string): number | undefined {
  const seconds = numberIn(answer, name);
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Bytes travel as base64; none at all are no bytes. */
export function bytesIn(answer: Json, name: string): Uint8Array | undefined {
  const text = textIn(answer, name);
  return text && BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
}

function memberOf(answer: Json, name: string): unknown {
  return typeof answer === 'object' && answer !== null && Object.hasOwn(answer, name)
    ? Reflect.get(answer, name)
    : undefined;
}
