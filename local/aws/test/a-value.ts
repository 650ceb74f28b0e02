import type { NormalizedSchema } from '@smithy/core/schema';
import * as fc from 'fast-check';
import { type Constraints, expressionOf, type Shape } from '../src/constraints/constraint.ts';
import { constraintsOf } from '../src/constraints/violations.ts';
import { isKnown } from '../src/members/unread.ts';
import type { Operation } from '../src/wire/model.ts';
import { memberNames, members, requiredMembers } from '../src/wire/shape.ts';

type Shapes = Constraints['shapes'];

/** Any input of an operation that the service's model allows, of members that local-aws knows. */
export function anyKnownInput(service: string, operation: Operation): fc.Arbitrary<unknown> {
  return anyInput(service, operation, (structure, member) => isKnown(service, structure, member));
}

/** Any input of an operation that the service's model allows. */
export function anyInput(
  service: string,
  { name, input }: Operation,
  known: KnownAs = anything,
): fc.Arbitrary<unknown> {
  const constraints = constraintsOf(service);
  if (input.isUnitSchema()) return fc.constant({});
  return anyOf(input, constraints?.shapes, constraints?.operations[name], 3, known);
}

/** Whether a member may be given, and whatever is in it. */
type KnownAs = (structure: string, member: string) => 'looked at' | 'kept' | 'unread';

const anything: KnownAs = () => 'kept';

/** Any value of a schema: every member given as far as `depth`, below that only those that must be there. */
export function anyOf(
  schema: NormalizedSchema,
  shapes: Shapes = {},
  name?: string,
  depth = 3,
  known: KnownAs = anything,
): fc.Arbitrary<unknown> {
  const shape = shapes[name ?? ''];
  if (schema.isStructSchema()) return structureOf(schema, shapes, shape, depth, known);
  if (schema.isListSchema())
    return fc.array(anyOf(schema.getValueSchema(), shapes, shape?.item, depth - 1, known), {
      minLength: Math.max(shape?.min ?? 1, 1),
      maxLength: Math.max(Math.min(shape?.max ?? 2, 2), shape?.min ?? 1),
    });
  if (schema.isMapSchema()) {
    const key = shapes[shape?.key ?? ''];
    const keys = key ? textOf(key) : fc.stringMatching(/^[a-z]{1,5}$/);
    return fc.dictionary(keys, anyOf(schema.getValueSchema(), shapes, shape?.item, depth - 1, known), {
      minKeys: 1,
      maxKeys: Math.min(shape?.max ?? 2, 2),
      noNullPrototype: true,
    });
  }
  if (schema.isBooleanSchema()) return fc.boolean();
  if (schema.isNumericSchema())
    return fc.integer({ min: shape?.min ?? 0, max: Math.min(shape?.max ?? 1_000_000, 2 ** 31 - 1) });
  // Whole seconds: the coarsest of the formats.
  if (schema.isTimestampSchema())
    return fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000));
  if (schema.isBlobSchema())
    return fc.uint8Array({
      minLength: Math.max(shape?.min ?? 1, 1),
      maxLength: Math.max(shape?.min ?? 8, 8),
    });
  if (shape) return textOf(shape);
  const { httpHeader, httpPrefixHeaders } = schema.getMergedTraits();
  return httpHeader === undefined && httpPrefixHeaders === undefined ? text : inHeader;
}

const inHeader = fc.stringMatching(/^[A-Za-z0-9]{1,10}$/);

function structureOf(
  schema: NormalizedSchema,
  shapes: Shapes,
  shape: Shape | undefined,
  depth: number,
  known: KnownAs,
): fc.Arbitrary<unknown> {
  const required = requiredMembers(schema);
  const as = (name: string) => known(schema.getName() ?? '', name);
  const given = members(schema).filter(
    ([name, member]) =>
      (as(name) === 'kept' || (as(name) === 'looked at' && saysSomething(member, known))) &&
      (depth > 0 || required.includes(name) || isScalar(member) || schema.isUnionSchema()),
  );
  const values = given.map(([name, member]) => {
    const inner = as(name) === 'kept' ? anything : known;
    return [name, anyOf(member, shapes, shape?.members?.[name], depth - 1, inner)] as const;
  });
  if (!schema.isUnionSchema()) return fc.record(Object.fromEntries(values));
  return fc.oneof(...values.map(([name, value]) => value.map((one) => ({ [name]: one }))));
}

/** A structure of which nothing is known can't be given. */
function saysSomething(schema: NormalizedSchema, known: KnownAs): boolean {
  if (schema.isListSchema() || schema.isMapSchema()) return saysSomething(schema.getValueSchema(), known);
  const structure = schema.getName() ?? '';
  return !schema.isStructSchema() || memberNames(schema).some((name) => known(structure, name) !== 'unread');
}

function isScalar(schema: NormalizedSchema): boolean {
  return !(schema.isStructSchema() || schema.isListSchema() || schema.isMapSchema());
}

/** Text with what XML, JSON and forms must escape. */
const text = fc.stringMatching(/^[A-Za-z0-9<>&"'äß→+=%]{0,10}[a-z]$/);

/** From the richest to the plainest. */
const ALPHABETS = ['az<>&"\'äß→+=%', 'azAZ09.-_/', 'azAZ09-', 'az09', 'az', '09'];

/** For patterns that no alphabet fits. */
const EXAMPLES = [
  '000011112222',
  'AWS::ECS::Service',
  'arn:aws:iam::000011112222:role/acme',
  '00000001',
  'acme-vault',
  'arn:aws:secretsmanager:eu-west-1:000011112222:secret:ecr-pullthroughcache/hub-AbCdEf',
  'arn:aws:signer:eu-west-1:000011112222:/signing-profiles/acme',
  'arn:aws:inspector2:eu-west-1:000011112222:finding/0123456789abcdef0123456789abcdef',
  'sha256:0123456789abcdef',
  '/acme/',
  'v12',
  '12h',
  'eu-west-1',
  'tag:acme',
  'Name',
];

function textOf({
  min = 0,
  max = Number.POSITIVE_INFINITY,
  enum: values,
  pattern,
}: Shape): fc.Arbitrary<string> {
  if (values) return fc.constantFrom(...values);
  const lengths = { minLength: Math.max(min, 1), maxLength: Math.max(min, Math.min(max, 10), 1) };
  const fits = (one: string) =>
    one.length >= min && one.length <= max && (pattern === undefined || expressionOf(pattern).test(one));
  const alphabet = ALPHABETS.find((letters) =>
    [...letters].every((letter) =>
      [lengths.minLength, lengths.maxLength].every((length) => fits(letter.repeat(length))),
    ),
  );
  if (alphabet !== undefined)
    return fc.string({ unit: fc.constantFrom(...alphabet), ...lengths }).filter(fits);
  const examples = EXAMPLES.filter(fits);
  if (examples.length === 0) throw new Error(`no example of ${pattern} with ${min} to ${max} characters`);
  return fc.constantFrom(...examples);
}
