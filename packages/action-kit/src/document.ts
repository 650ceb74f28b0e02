import { nearest } from '@tenant-delivery/domain';
import * as v from 'valibot';
import { readableParts } from './readable.ts';

/** What is wrong at one place of a document, in words that name the place. */
export interface Mistake {
  /** `environments.prod.cluster`, or empty for the document itself. */
  readonly path: string;
  readonly problem: string;
}

/**
 * Checks a document against a valibot schema made of `v.strictObject`s and reports every mistake.
 * An unknown key is named with its path and the nearest known name. Lines that slipped out of the object that lacks them
 * are one mistake.
 */
export function parseDocument<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
): { readonly document: v.InferOutput<Schema> } | Misread<v.InferOutput<Schema>> {
  const result = v.safeParse(schema, value, { message: demandOf });
  if (result.success) return { document: result.output };
  const mistakes = result.issues.flatMap((issue) => mistakesOf(schema, issue));
  // Of the type that the schema asks for where no mistake is, and nothing else can be read of it.
  const readable = () => readableParts(result.output as v.InferOutput<Schema>, result.issues);
  return { mistakes: slipped(mistakes), readable };
}

/** A document with mistakes, and the parts of it that can still be judged: see `readableParts`. */
interface Misread<Document> {
  readonly mistakes: readonly Mistake[];
  readonly readable: () => Document;
}

export function describeMistake({ path, problem }: Mistake): string {
  return path === '' ? problem : `${path}: ${problem}`;
}

const MISSING = 'is missing';
const UNKNOWN = 'is not a known key';

/**
 * A wrong indentation ends an object too early: its other keys are missing there, and the first of them is unknown further
 * out. Told as what it is, in place of each of its consequences.
 */
function slipped(mistakes: readonly Mistake[]): readonly Mistake[] {
  const unknown = mistakes.find(({ problem }) => problem.startsWith(UNKNOWN));
  if (!unknown) return mistakes;
  const [name, outer] = [lastOf(unknown.path), parentOf(unknown.path)];
  const inside = mistakes.find(
    ({ path, problem }) => problem === MISSING && lastOf(path) === name && isInside(parentOf(path), outer),
  );
  if (!inside) return mistakes;
  const path = parentOf(inside.path);
  const lacking = mistakes.filter((one) => one.problem === MISSING && parentOf(one.path) === path);
  const names = lacking.map((one) => lastOf(one.path));
  const problem = `has no ${names.join(', ')}; ${name} is ${outer === '' ? 'at the top level' : `in ${outer}`} instead: indent these lines like the other keys of ${path}`;
  return mistakes.flatMap((one) => {
    if (one === inside) return [{ path, problem }];
    const slippedToo =
      one.problem.startsWith(UNKNOWN) && parentOf(one.path) === outer && names.includes(lastOf(one.path));
    return slippedToo || lacking.includes(one) ? [] : [one];
  });
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

function isInside(path: string, outer: string): boolean {
  return path !== outer && (outer === '' || path.startsWith(`${outer}.`));
}

function mistakesOf(schema: v.GenericSchema, issue: v.GenericIssue): readonly Mistake[] {
  const keys = (issue.path ?? []).map((item) => String(item.key));
  if (issue.type === 'strict_object' && issue.expected === 'never') return unknownKeys(schema, issue, keys);
  const path = keys.join('.');
  if (issue.received === 'undefined') return [{ path, problem: MISSING }];
  const given = shown(issue.input);
  const problem =
    given && issue.message.startsWith('must ') ? `is ${given}; ${issue.message}` : issue.message;
  return [{ path, problem }];
}

/** Every unknown key of an object: valibot names the first. */
function unknownKeys(
  schema: v.GenericSchema,
  { path }: v.GenericIssue,
  keys: readonly string[],
): readonly Mistake[] {
  const outer = keys.slice(0, -1);
  const known = knownKeys(schema, outer);
  const first = keys.at(-1) ?? '';
  const all = Object.keys(Object(path?.at(-1)?.input));
  return all.slice(all.indexOf(first)).flatMap((name) => {
    if (name !== first && (known.length === 0 || known.includes(name))) return [];
    const near = nearest(name, known);
    const problem = `${UNKNOWN}${near ? `; did you mean ${near}?` : ''}`;
    return [{ path: [...outer, name].join('.'), problem }];
  });
}

/** What a schema without words of its own asks for. */
function demandOf({ kind, type, expected, received, requirement, message }: v.GenericIssue): string {
  if (type === 'max_value' || type === 'min_value')
    return `must be at ${type === 'max_value' ? 'most' : 'least'} ${String(requirement)}`;
  if (type === 'max_length' || type === 'min_length')
    return `has ${received}; must have at ${type === 'max_length' ? 'most' : 'least'} ${String(requirement)}`;
  if (kind !== 'schema' || expected === null) return message;
  const choices = /^\((.*)\)$/.exec(expected)?.[1]?.replaceAll(' | ', ', ');
  return `must be ${choices === undefined ? (KINDS[expected] ?? expected) : `one of ${choices}`}`;
}

/** Valibot's names of types, in the words of who writes YAML. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'a mapping',
};

/** A plain value as the reader wrote it; nothing for a list or an object, which the path names well enough. */
function shown(value: unknown): string | undefined {
  if (typeof value === 'object' || value === undefined) return undefined;
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Walks the schema along a path of keys to the object that holds the mistake, to know its other names. */
function knownKeys(schema: unknown, path: readonly string[]): readonly string[] {
  const node = unwrap(schema);
  const [head, ...rest] = path;
  if (head === undefined) return Object.keys(node?.entries ?? {});
  if (node?.entries) return knownKeys(node.entries[head], rest);
  return knownKeys(node?.value ?? node?.item, rest);
}

interface SchemaNode {
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly item?: unknown;
  readonly value?: unknown;
  readonly wrapped?: unknown;
  readonly pipe?: readonly unknown[];
  readonly getter?: (input: unknown) => unknown;
}

function unwrap(schema: unknown): SchemaNode | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  const node = schema as SchemaNode; // valibot's schema objects; every member is checked before use
  if (node.wrapped !== undefined) return unwrap(node.wrapped);
  if (node.getter !== undefined) return unwrap(node.getter({})); // the one of several forms that an object has
  return node;
}
