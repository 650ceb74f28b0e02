import type { NormalizedSchema } from '@smithy/core/schema';
import * as fc from 'fast-check';
import { members, requiredMembers } from '../src/wire/shape.ts';

/** Any value of a schema: every member given as far as `depth`, below that only those that must be there. */
export function anyOf(schema: NormalizedSchema, depth = 3): fc.Arbitrary<unknown> {
  if (schema.isStructSchema()) return structureOf(schema, depth);
  if (schema.isListSchema())
    return fc.array(anyOf(schema.getValueSchema(), depth - 1), { minLength: 1, maxLength: 2 });
  if (schema.isMapSchema())
    return fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), anyOf(schema.getValueSchema(), depth - 1), {
      minKeys: 1,
      maxKeys: 2,
      noNullPrototype: true,
    });
  if (schema.isBooleanSchema()) return fc.boolean();
  if (schema.isNumericSchema()) return fc.integer({ min: 0, max: 1_000_000 });
  // Whole seconds: the coarsest of the formats.
  if (schema.isTimestampSchema())
    return fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000));
  if (schema.isBlobSchema()) return fc.uint8Array({ minLength: 1, maxLength: 8 });
  return text;
}

function structureOf(schema: NormalizedSchema, depth: number): fc.Arbitrary<unknown> {
  const required = requiredMembers(schema);
  const given = members(schema).filter(
    ([name, member]) => depth > 0 || required.includes(name) || isScalar(member) || schema.isUnionSchema(),
  );
  const shapes = given.map(([name, member]) => [name, anyOf(member, depth - 1)] as const);
  if (!schema.isUnionSchema()) return fc.record(Object.fromEntries(shapes));
  return fc.oneof(...shapes.map(([name, shape]) => shape.map((value) => ({ [name]: value }))));
}

function isScalar(schema: NormalizedSchema): boolean {
  return !(schema.isStructSchema() || schema.isListSchema() || schema.isMapSchema());
}

/** Text with what XML, JSON and forms must escape. */
const text = fc.stringMatching(/^[A-Za-z0-9<>&"'äß→+=%]{0,10}[a-z]$/);
