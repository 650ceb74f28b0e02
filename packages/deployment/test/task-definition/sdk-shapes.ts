import * as sdk from '@aws-sdk/client-ecs';

/** A shape of the SDK's model, as far as a task definition has them. */
export type SdkShape =
  | { readonly kind: 'text' }
  | { readonly kind: 'number' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'texts' }
  | { readonly kind: 'any' }
  | { readonly kind: 'list'; readonly of: SdkShape }
  | {
      readonly kind: 'members';
      readonly name: string;
      readonly members: ReadonlyMap<string, SdkShape>;
      /** How many of them, from the first on, must be there. */
      readonly required: number;
    };

const SIMPLE = ['text', 'number', 'boolean'] as const; // the numbers by which the SDK's schemas say them
const LIST = 64; // a bit on top of a simple one
const MAP = 128;
const ANY = 15; // a document: whatever JSON holds

/**
 * Reads a schema of `@aws-sdk/client-ecs`: a number, a function that answers a schema, a pair of a schema and its
 * traits, or `[kind, namespace, name, traits, …]`. Throws for what it does not know, so that no member goes unseen.
 */
function shapeOf(schema: unknown): SdkShape {
  if (typeof schema === 'function') return shapeOf(schema());
  if (typeof schema === 'number') return simple(schema);
  if (!Array.isArray(schema)) throw new TypeError('the SDK keeps its schemas elsewhere now');
  if (schema.length === 2) return shapeOf(schema[0]);
  const [kind, , name, , names, members, required] = schema;
  switch (kind) {
    case 1:
      return { kind: 'list', of: shapeOf(names) };
    case 3:
    case 4: // a union is a structure with one member given
      return {
        kind: 'members',
        name: String(name),
        required: Number(required ?? 0),
        members: new Map(names.map((member: unknown, at: number) => [String(member), shapeOf(members[at])])),
      };
    default:
      throw new TypeError(`a schema of kind ${kind}, which this test does not know`);
  }
}

function simple(number: number): SdkShape {
  if (number === ANY) return { kind: 'any' };
  const kind = SIMPLE[number % LIST];
  if (kind === undefined) throw new TypeError(`a simple schema ${number}, which this test does not know`);
  if (number >= MAP && kind === 'text') return { kind: 'texts' };
  return number >= LIST ? { kind: 'list', of: { kind } } : { kind };
}

export const REGISTERED = shapeOf(sdk.RegisterTaskDefinitionRequest$);
export const UPDATED = shapeOf(sdk.UpdateServiceRequest$);

/** The named shapes that a shape is made of, itself among them, in the order in which they are met. */
export function shapesIn(shape: SdkShape, found = new Map<string, ReadonlyMap<string, SdkShape>>()) {
  if (shape.kind === 'list') shapesIn(shape.of, found);
  if (shape.kind === 'members' && !found.has(shape.name)) {
    found.set(shape.name, shape.members);
    for (const member of shape.members.values()) shapesIn(member, found);
  }
  return found;
}

/** By named shape that a shape is made of, the members that must be there, where there are any. */
export function requiredIn(shape: SdkShape, found = new Map<string, string>(), seen = new Set<string>()) {
  if (shape.kind === 'list') requiredIn(shape.of, found, seen);
  if (shape.kind === 'members' && !seen.has(shape.name)) {
    seen.add(shape.name);
    if (shape.required > 0)
      found.set(shape.name, [...shape.members.keys()].slice(0, shape.required).join(' '));
    for (const member of shape.members.values()) requiredIn(member, found, seen);
  }
  return found;
}
