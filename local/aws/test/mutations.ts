import type { NormalizedSchema } from '@smithy/core/schema';
import { type Constraints, expressionOf, type Shape } from '../src/constraints/constraint.ts';
import { constraintsOf } from '../src/constraints/violations.ts';
import type { Operation } from '../src/wire/model.ts';
import { memberNames, members, requiredMembers } from '../src/wire/shape.ts';

/** One way to break an input: what is done where, and the input that it makes. */
export interface Mutation {
  readonly what: string;
  readonly path: readonly (string | number)[];
  readonly broken: unknown;
}

/** Every way to break a good input that the model refuses. */
export function mutationsOf(service: string, { name, input }: Operation, good: unknown): readonly Mutation[] {
  const constraints = constraintsOf(service);
  const found: Mutation[] = [];
  const add = (what: string, path: Mutation['path'], value: unknown) =>
    found.push({ what, path, broken: put(good, path, value) });
  walk(constraints?.shapes ?? {}, constraints?.operations[name], input, good, [], add);
  return found;
}

type Add = (what: string, path: Mutation['path'], value: unknown) => void;

/** What a member is set to when it is dropped. */
const GONE = undefined;

function walk(
  shapes: Constraints['shapes'],
  name: string | undefined,
  schema: NormalizedSchema,
  value: unknown,
  path: Mutation['path'],
  add: Add,
): void {
  if (value === undefined) return;
  const shape = shapes[name ?? ''];
  if (path.length > 0) {
    if (schema.isNumericSchema()) add('no number', path, 'text');
    else if (!schema.isDocumentSchema()) add('retype', path, otherType(schema));
    for (const [what, broken] of shape ? beyond(shape, value) : []) add(what, path, broken);
  }
  const inside = (inner: string | undefined, of: NormalizedSchema, key: string | number) =>
    walk(shapes, inner, of, Reflect.get(Object(value), key), [...path, key], add);
  if (schema.isListSchema() && Array.isArray(value))
    for (const i of value.keys()) inside(shape?.item, schema.getValueSchema(), i);
  else if (schema.isMapSchema())
    for (const key of Object.keys(Object(value))) inside(shape?.item, schema.getValueSchema(), key);
  else if (schema.isStructSchema()) {
    for (const member of requiredMembers(schema)) add('drop', [...path, member], GONE);
    for (const [member, of] of members(schema)) inside(shape?.members?.[member], of, member);
    if (schema.isUnionSchema()) unions(schema, value, path, add);
  }
}

function unions(schema: NormalizedSchema, value: unknown, path: Mutation['path'], add: Add): void {
  const [other] = memberNames(schema).filter((name) => !(name in Object(value)));
  if (other !== undefined) add('two of a union', path, { ...Object(value), [other]: {} });
  add('none of a union', path, {});
}

/** A value of another type, for which no protocol has a reading. */
function otherType(schema: NormalizedSchema): unknown {
  if (schema.isListSchema() || schema.isMapSchema() || schema.isStructSchema()) return 7;
  if (schema.isStringSchema()) return { a: 'structure' };
  return schema.isBooleanSchema() ? 'text' : { a: 'structure' };
}

function* beyond(shape: Shape, value: unknown): Iterable<readonly [what: string, broken: unknown]> {
  const { type, min, max, enum: values, pattern } = shape;
  const numeric = type === 'number' || type === 'integer';
  if (values) yield ['unknown enum', 'NO_SUCH_VALUE'];
  if (numeric && max !== undefined) yield ['too large', max + 1];
  if (numeric && min !== undefined) yield ['too small', min - 1];
  if (type === 'integer') yield ['a fraction', 1.5];
  if (!numeric && max !== undefined && max < 100_000) yield ['too long', resized(shape, value, max + 1)];
  if (!numeric && min !== undefined && min > 0) yield ['too short', resized(shape, value, min - 1)];
  const odd = [' ', '\u0000', '\u{1F600}', '!', ''].find(
    (one) => pattern !== undefined && !expressionOf(pattern).test(one),
  );
  if (odd !== undefined && typeof value === 'string') yield ['pattern broken', odd];
}

function resized({ type }: Shape, value: unknown, length: number): unknown {
  if (type === 'map') {
    const [item] = Object.values(Object(value));
    return Object.fromEntries(Array.from({ length }, (_, n) => [`key${n}`, item]));
  }
  if (Array.isArray(value)) return Array.from({ length }, () => value[0]);
  if (value instanceof Uint8Array) return new Uint8Array(length);
  return String(value).charAt(0).repeat(length);
}

function put(whole: unknown, [key, ...rest]: Mutation['path'], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(whole)) return whole.map((item, i) => (i === key ? put(item, rest, value) : item));
  const { [key]: inner, ...others } = Object(whole);
  const changed = put(inner, rest, value);
  return changed === undefined ? others : { ...others, [key]: changed };
}
