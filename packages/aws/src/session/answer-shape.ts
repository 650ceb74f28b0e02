import type { NormalizedSchema } from '@smithy/core/schema';

/**
 * What an answer consists of, without a value: its members, or the word for a value. The items of a list are together the
 * member `[]`, the values of a map `*`. A member that not every item of a list has ends with `?`.
 */
export type Shape = string | { readonly [member: string]: Shape };

type Members = Readonly<Record<string, Shape>>;

/** The names of a map are values, such as tags; those of a structure are AWS's. The schema tells them apart. */
export function shapeOf(schema: NormalizedSchema, value: unknown): Shape {
  if (schema.isStreaming()) return 'stream';
  if (schema.isBlobSchema()) return 'bytes';
  if (value instanceof Date) return 'time';
  if (typeof value !== 'object' || value === null) return typeof value;
  if (schema.isListSchema()) return together('[]', schema.getValueSchema(), Object.values(value));
  if (schema.isMapSchema()) return together('*', schema.getValueSchema(), Object.values(value));
  if (!schema.isStructSchema()) return 'document';
  const given = value as Readonly<Record<string, unknown>>; // the SDK has read a structure
  return Object.fromEntries(
    [...schema.structIterator()]
      .filter(([name]) => given[name] !== undefined && given[name] !== null)
      .map(([name, member]) => [name, shapeOf(member, given[name])]),
  );
}

function together(name: string, schema: NormalizedSchema, values: readonly unknown[]): Shape {
  const shapes = values.map((value) => shapeOf(schema, value));
  return shapes.length === 0 ? {} : { [name]: shapes.reduce(joined) };
}

/** Of two items. */
function joined(a: Shape, b: Shape): Shape {
  if (typeof a === 'string' || typeof b === 'string') return a === b ? a : 'different';
  const names = new Set([...Object.keys(a), ...Object.keys(b)].map((name) => name.replace(/\?$/, '')));
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const [one, other] = [memberOf(a, name), memberOf(b, name)];
      const shape =
        one !== undefined && other !== undefined ? joined(one, other) : (one ?? other ?? 'different');
      return [name in a && name in b ? name : `${name}?`, shape];
    }),
  );
}

function memberOf(members: Members, name: string): Shape | undefined {
  return members[name] ?? members[`${name}?`];
}
