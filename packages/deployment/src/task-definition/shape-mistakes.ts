import { type Json, nearest } from '@tenant-delivery/domain';
import { type MemberKind, membersOfShape, type ShapeName } from './known-members.ts';
import { valuesOf } from './known-values.ts';
import { isObject } from './task-definition.ts';
import { isQuotedNumber, placeholderIn, sayUnfilled } from './unfilled.ts';

export type Keys = readonly (string | number)[];

/** What is wrong at one place of a task definition that somebody wrote. No problem repeats a value: it may be secret. */
export interface ShapeMistake {
  readonly keys: Keys;
  readonly problem: string;
}

/** Members that AWS has and this release does not know, as `containerDefinitions.newMember`. */
export type AllowedUnknown = ReadonlySet<string>;

/**
 * Members that are not known, and values of another kind than AWS takes, at any depth. `null` is no mistake of a member:
 * it says that the member is not there.
 */
export function shapeMistakes(
  shape: ShapeName,
  value: Json,
  allowed: AllowedUnknown,
  keys: Keys = [],
  under: readonly string[] = [],
): readonly ShapeMistake[] {
  if (!isObject(value)) return [{ keys, problem: `is ${kindOfValue(value)}; it must be an object` }];
  const known = membersOfShape(shape);
  return Object.entries(value).flatMap(([name, member]) => {
    const kind = known.get(name);
    if (kind === undefined)
      return unknown(name, [...known.keys()], allowed, [...keys, name], [...under, name]);
    if (member === null) return [];
    const mistakes = kindMistakes(kind, member, allowed, [...keys, name], [...under, name]);
    const asked = allowed.has([...under, name].join('.')) ? undefined : valuesOf(shape, name);
    return asked === undefined || mistakes.length > 0
      ? mistakes
      : valueMistakes(asked, member, [...keys, name]);
  });
}

/** Of texts, those of which AWS takes only some. */
function valueMistakes(known: readonly string[], value: Json, keys: Keys): readonly ShapeMistake[] {
  if (Array.isArray(value))
    return value.flatMap((entry: Json, at) => valueMistakes(known, entry, [...keys, at]));
  if (typeof value !== 'string' || known.includes(value)) return [];
  const form = placeholderIn(value);
  if (form !== undefined) return [{ keys, problem: sayUnfilled(form) }];
  if (value === '') return [{ keys, problem: `is empty; leave it out, or write ${known.join(', ')}` }];
  const near = nearest(value, known);
  const fix = near ? `; did you mean ${near}?` : '';
  return [{ keys, problem: `is no value that AWS takes: ${known.join(', ')}${fix}` }];
}

/** The places of members that AWS may have and this release does not know, at any depth. */
export function unknownMembers(shape: ShapeName, value: Json): readonly Keys[] {
  return shapeMistakes(shape, value, new Set()).flatMap(({ keys, problem }) =>
    problem.startsWith(UNKNOWN) ? [keys] : [],
  );
}

const UNKNOWN = 'is not a known key';

function unknown(
  name: string,
  known: readonly string[],
  allowed: AllowedUnknown,
  keys: Keys,
  under: readonly string[],
): readonly ShapeMistake[] {
  const path = under.join('.');
  if (allowed.has(path)) return [];
  const near = nearest(name, known);
  const fix = near
    ? `did you mean ${near}?`
    : `if AWS has it since this release, list ${path} in \`allow-unknown\``;
  return [{ keys, problem: `${UNKNOWN}; ${fix}` }];
}

function kindMistakes(
  kind: MemberKind,
  value: Json,
  allowed: AllowedUnknown,
  keys: Keys,
  under: readonly string[],
): readonly ShapeMistake[] {
  if (typeof kind === 'object') {
    if ('shape' in kind) return shapeMistakes(kind.shape, value, allowed, keys, under);
    if (!Array.isArray(value)) return [{ keys, problem: `is ${kindOfValue(value)}; it must be a list` }];
    return value.flatMap((entry: Json, at) => kindMistakes(kind.list, entry, allowed, [...keys, at], under));
  }
  if (kind === 'any') return [];
  if (kind === 'texts') {
    if (!isObject(value)) return [{ keys, problem: `is ${kindOfValue(value)}; it must be texts by name` }];
    return Object.entries(value).flatMap(([name, text]) =>
      text === null ? [] : kindMistakes('text', text, allowed, [...keys, name], under),
    );
  }
  const found = kindOfValue(value);
  return found === ARTICLES[kind]
    ? []
    : [{ keys, problem: textMistake(kind, value) ?? `is ${found}; ${FIXES[kind]}` }];
}

/** What a text is that ought to be a number or a boolean. */
function textMistake(kind: keyof typeof ARTICLES, value: Json): string | undefined {
  if (typeof value !== 'string' || kind === 'text') return undefined;
  const form = placeholderIn(value);
  if (form !== undefined) return sayUnfilled(form);
  if (kind === 'number' && isQuotedNumber(value)) return 'is a number in quotes; take the quotes away';
  return kind === 'boolean' && /^(true|false)$/.test(value)
    ? `is ${value} in quotes; take the quotes away`
    : undefined;
}

const ARTICLES = { text: 'a text', number: 'a whole number', boolean: 'true or false' } as const;

const FIXES = {
  text: 'it must be a text: put it in quotes',
  number: 'it must be a whole number, without quotes',
  boolean: 'it must be true or false, without quotes',
} as const;

function kindOfValue(value: Json): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return ARTICLES.text;
    case 'boolean':
      return ARTICLES.boolean;
    case 'number':
      return Number.isInteger(value) ? ARTICLES.number : 'a number';
    default:
      return 'an object';
  }
}

export function valueAt(document: Json, keys: Keys): Json | undefined {
  let at: Json | undefined = document;
  for (const key of keys) at = memberAt(at, key);
  return at;
}

function memberAt(value: Json | undefined, key: string | number): Json | undefined {
  if (Array.isArray(value)) return value[Number(key)];
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A place as its reader looks for it: an entry of a list by its name where it has one, else by its number. */
export function pathIn(document: Json, keys: Keys): string {
  const path: string[] = [];
  let at: Json | undefined = document;
  for (const key of keys) {
    at = memberAt(at, key);
    const name = typeof key === 'number' && isObject(at) ? at['name'] : undefined;
    path.push(typeof name === 'string' && name !== '' ? name : String(key));
  }
  return path.join('.');
}
