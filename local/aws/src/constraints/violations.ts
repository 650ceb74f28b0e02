import { existsSync, readFileSync } from 'node:fs';
import type { Problem } from '../wire/validate.ts';
import { type Constraints, expressionOf, type Shape } from './constraint.ts';

const loaded = new Map<string, Constraints | undefined>();

/** What AWS's model says of a service's inputs; read on first use. */
export function constraintsOf(service: string): Constraints | undefined {
  if (!loaded.has(service)) loaded.set(service, read(new URL(`models/${service}.json`, import.meta.url)));
  return loaded.get(service);
}

function read(file: URL): Constraints | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Constraints) : undefined; // as `npm run models` wrote it
}

/** Every way in which an input of the right types is not what the service's model allows. */
export function violations(service: string, operation: string, input: object): readonly Problem[] {
  const constraints = constraintsOf(service);
  const shape = constraints?.shapes[constraints.operations[operation] ?? ''];
  return constraints && shape ? [...walk(constraints.shapes, shape, input, '')] : [];
}

function* walk(
  shapes: Constraints['shapes'],
  shape: Shape | undefined,
  value: unknown,
  path: string,
): Iterable<Problem> {
  if (!shape || value === undefined || value === null) return;
  for (const constraint of constraintsBrokenBy(shape, value))
    yield { kind: 'constraint', path, constraint, value: shape.sensitive ? undefined : quoted(value) };
  const item = shapes[shape.item ?? ''];
  if (shape.type === 'structure')
    for (const [member, inner] of Object.entries(shape.members ?? {}))
      yield* walk(shapes, shapes[inner], Reflect.get(Object(value), member), join(path, member));
  else if (shape.type === 'list' && Array.isArray(value)) {
    if (item && !isScalar(item))
      for (const [i, each] of value.entries()) yield* walk(shapes, item, each, `${path}[${i}]`);
    else yield* items(item, value, path);
  } else if (shape.type === 'map')
    for (const [key, each] of Object.entries(Object(value))) {
      yield* items(shapes[shape.key ?? ''], [key], path);
      yield* walk(shapes, item, each, join(path, key));
    }
}

/** Of plain values in a list AWS names the list, and all that holds for each of them. */
function* items(item: Shape | undefined, values: readonly unknown[], path: string): Iterable<Problem> {
  if (!item || values.every((value) => constraintsBrokenBy(item, value).length === 0)) return;
  const constraint = `Member must satisfy constraint: [${all(item).join(', ')}]`;
  yield { kind: 'constraint', path, constraint, value: item.sensitive ? undefined : quoted(values) };
}

function all(shape: Shape): readonly string[] {
  return checks(shape).map(([constraint]) => constraint);
}

function constraintsBrokenBy(shape: Shape, value: unknown): readonly string[] {
  return checks(shape)
    .filter(([, holds]) => !holds(value))
    .map(([constraint]) => constraint);
}

type Check = readonly [constraint: string, holds: (value: unknown) => boolean];

const made = new WeakMap<Shape, readonly Check[]>();

/** What a shape asks of a value, each with AWS's words for it. */
function checks(shape: Shape): readonly Check[] {
  const known = made.get(shape) ?? make(shape);
  made.set(shape, known);
  return known;
}

function make({ type, min, max, enum: values, pattern }: Shape): readonly Check[] {
  const numeric = type === 'number' || type === 'integer';
  const size = numeric ? Number : lengthOf;
  const what = numeric ? 'value' : 'length';
  const found: Check[] = [];
  if (max !== undefined)
    found.push([`Member must have ${what} less than or equal to ${max}`, (value) => size(value) <= max]);
  if (min !== undefined)
    found.push([`Member must have ${what} greater than or equal to ${min}`, (value) => size(value) >= min]);
  if (type === 'integer') found.push(['Member must be an integer', (value) => Number.isInteger(value)]);
  if (pattern !== undefined)
    found.push([
      `Member must satisfy regular expression pattern: ${pattern}`,
      (value) => expressionOf(pattern).test(String(value)),
    ]);
  if (values)
    found.push([
      `Member must satisfy enum value set: [${values.join(', ')}]`,
      (value) => values.includes(String(value)),
    ]);
  return found;
}

/** Characters of a text, bytes of a blob, items of a list or a map. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return [...value].length;
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length;
  return Object.keys(Object(value)).length;
}

function isScalar({ type }: Shape): boolean {
  return type === 'text' || type === 'number' || type === 'integer';
}

function quoted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(quoted).join(', ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
