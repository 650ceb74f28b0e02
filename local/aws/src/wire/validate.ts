import type { NormalizedSchema } from '@smithy/core/schema';
import { memberNames, requiredMembers } from './shape.ts';

export type Problem =
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'unknown'; readonly path: string }
  | { readonly kind: 'type'; readonly path: string; readonly expected: string }
  /** `value` is absent where the model calls it sensitive. */
  | {
      readonly kind: 'constraint';
      readonly path: string;
      readonly constraint: string;
      readonly value: string | undefined;
    };

/** `json`: as parsed from a JSON body. `typed`: after a codec, where timestamps are Dates and blobs are bytes. */
export type Form = 'json' | 'typed';

/**
 * Every way in which a value is not what its schema says. The SDK's codecs check nothing, in either direction.
 * Enums, lengths, patterns and ranges are not in the schemas: `constraints/violations.ts` has them.
 */
export function validate(schema: NormalizedSchema, value: unknown, form: Form): readonly Problem[] {
  const problems: Problem[] = [];
  if (schema.isUnitSchema()) return problems;
  walk(schema, value, '', form, problems);
  return problems;
}

function walk(schema: NormalizedSchema, value: unknown, path: string, form: Form, problems: Problem[]): void {
  if (value === undefined || value === null) return;
  if (schema.isStructSchema()) structure(schema, value, path, form, problems);
  else if (schema.isListSchema()) {
    if (!Array.isArray(value)) problems.push({ kind: 'type', path, expected: 'a list' });
    else
      value.forEach((item, i) => void walk(schema.getValueSchema(), item, `${path}[${i}]`, form, problems));
  } else if (schema.isMapSchema()) {
    if (!isRecord(value)) problems.push({ kind: 'type', path, expected: 'a map' });
    else
      for (const [key, item] of Object.entries(value))
        walk(schema.getValueSchema(), item, join(path, key), form, problems);
  } else {
    const expected = mismatch(schema, value, form);
    if (expected) problems.push({ kind: 'type', path, expected });
  }
}

function structure(
  schema: NormalizedSchema,
  value: unknown,
  path: string,
  form: Form,
  problems: Problem[],
): void {
  if (!isRecord(value)) {
    problems.push({ kind: 'type', path, expected: 'a structure' });
    return;
  }
  const names = memberNames(schema);
  for (const name of requiredMembers(schema)) {
    if (value[name] === undefined || value[name] === null)
      problems.push({ kind: 'missing', path: join(path, name) });
  }
  for (const [name, member] of Object.entries(value)) {
    if (names.includes(name)) walk(schema.getMemberSchema(name), member, join(path, name), form, problems);
    else if (member !== undefined) problems.push({ kind: 'unknown', path: join(path, name) });
  }
  const given = Object.values(value).filter((member) => member !== undefined && member !== null);
  if (schema.isUnionSchema() && given.length !== 1)
    problems.push({ kind: 'type', path, expected: 'exactly one member' });
}

const BASE64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What a scalar should have been, or nothing when it is that. */
function mismatch(schema: NormalizedSchema, value: unknown, form: Form): string | undefined {
  const type = typeof value;
  if (schema.isStringSchema()) return type === 'string' ? undefined : 'a string';
  if (schema.isBooleanSchema()) return type === 'boolean' ? undefined : 'a boolean';
  if (schema.isNumericSchema()) return Number.isFinite(value) ? undefined : 'a number';
  if (schema.isTimestampSchema() && form === 'typed')
    return value instanceof Date && !Number.isNaN(value.getTime()) ? undefined : 'a timestamp';
  if (schema.isTimestampSchema()) return type === 'number' || type === 'string' ? undefined : 'a timestamp';
  if (schema.isBlobSchema() && form === 'json')
    return type === 'string' && BASE64.test(String(value)) ? undefined : 'base64 text';
  if (schema.isBlobSchema()) return value instanceof Uint8Array ? undefined : 'bytes';
  return undefined;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
