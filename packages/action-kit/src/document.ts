import { nearest } from '@tenant-delivery/domain';
import * as v from 'valibot';

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
): { readonly document: v.InferOutput<Schema> } | { readonly mistakes: readonly Mistake[] } {
  const result = v.safeParse(schema, value, { message: demandOf });
  if (result.success) return { document: result.output };
  return { mistakes: slipped(result.issues.map((issue) => mistakeOf(schema, issue))) };
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
  const names = lacking.map((one) => lastOf(one.path)).join(', ');
  const problem = `has no ${names}; ${name} is ${outer === '' ? 'at the top level' : `in ${outer}`} instead: indent these lines like the other keys of ${path}`;
  return mistakes.flatMap((one) => {
    if (one === inside) return [{ path, problem }];
    return one === unknown || lacking.includes(one) ? [] : [one];
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

function mistakeOf(schema: v.GenericSchema, issue: v.GenericIssue): Mistake {
  const keys = (issue.path ?? []).map((item) => String(item.key));
  const path = keys.join('.');
  const name = keys.at(-1) ?? '';
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const near = nearest(name, knownKeys(schema, keys.slice(0, -1)));
    return { path, problem: `${UNKNOWN}${near ? `; did you mean ${near}?` : ''}` };
  }
  if (issue.received === 'undefined') return { path, problem: MISSING };
  const given = shown(issue.input);
  return {
    path,
    problem: given && issue.message.startsWith('must ') ? `is ${given}; ${issue.message}` : issue.message,
  };
}

/** What a schema without words of its own asks for. */
function demandOf({ kind, expected, message }: v.GenericIssue): string {
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
