import type { Json } from '@tenant-delivery/domain';
import * as v from 'valibot';

export type JsonObject = { readonly [member: string]: Json };

/** Members by name. Names that JavaScript keeps for itself are refused: valibot would leave them out without a word. */
export const byName = <const Value extends v.GenericSchema>(
  name: v.GenericSchema<string, string>,
  value: Value,
) =>
  v.pipe(
    v.custom<Readonly<Record<string, unknown>>>(isPlain, 'must be values by name, such as `name: value`'),
    v.check(
      (members) => !['__proto__', 'prototype', 'constructor'].some((kept) => Object.hasOwn(members, kept)),
      'has a member named __proto__, prototype or constructor, which JavaScript keeps for itself',
    ),
    v.record(name, value),
  );

export const jsonObject = v.custom<JsonObject>(
  (value) => isPlain(value) && isJson(value),
  'is no object of JSON',
);

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  return isPlain(value) && Object.values(value).every(isJson);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
