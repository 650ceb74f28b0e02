import type * as v from 'valibot';

/** A rule asked for a place of a document that is not as the schema demands. */
class Unreadable extends Error {
  override name = 'Unreadable';
}

/** What is wrong at a place of a document, and at the places below it. */
interface Places {
  /** It is missing, or not what is asked for. */
  wrong: boolean;
  /** Not all of its keys are known: one is missing, or its name is wrong. */
  open: boolean;
  /** A key was not understood, so an absent one may have been meant. */
  misnamed: boolean;
  readonly inside: Map<string, Places>;
}

/**
 * What a schema has read of a document with mistakes, for rules that want all of it. Each gets what is right. One that
 * asks for a place with a mistake ends there, and `judged` leaves it out: nothing is said of what nobody could read.
 */
export function readableParts<Document>(output: Document, issues: readonly v.GenericIssue[]): Document {
  const root = places();
  for (const issue of issues) mark(root, issue);
  return guarded(output, { ...root, wrong: false });
}

/** What the rules say. A rule says nothing if it needs a place of a document that could not be read. */
export function judged(...rules: readonly (() => readonly string[])[]): readonly string[] {
  return rules.flatMap((rule) => {
    try {
      return rule();
    } catch (error) {
      if (error instanceof Unreadable) return [];
      throw error;
    }
  });
}

function places(): Places {
  return { wrong: false, open: false, misnamed: false, inside: new Map() };
}

function mark(root: Places, { path, type, expected, input }: v.GenericIssue): void {
  const last = path?.at(-1);
  let parent = root;
  for (const { key } of path?.slice(0, -1) ?? []) parent = below(parent, String(key));
  const unknown = type === 'strict_object' && expected === 'never';
  const missing = last !== undefined && input === undefined; // of a variant's key, valibot says `value` as origin
  if (last?.origin === 'key' || missing) parent.open = true;
  if (last?.origin === 'key' && !missing) parent.misnamed = true;
  if (unknown) return;
  const place = last === undefined ? root : below(parent, String(last.key));
  place.wrong = true;
}

function below({ inside }: Places, key: string): Places {
  const found = inside.get(key) ?? places();
  inside.set(key, found);
  return found;
}

function guarded<Value>(value: Value, at: Places): Value {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const place = typeof key === 'string' ? at.inside.get(key) : undefined;
      if (place?.wrong || (at.misnamed && !(key in target))) throw new Unreadable();
      const member: unknown = Reflect.get(target, key);
      return place ? guarded(member, place) : member;
    },
    getOwnPropertyDescriptor(target, key) {
      if (at.misnamed && !Object.hasOwn(target, key)) throw new Unreadable();
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    ownKeys(target) {
      if (at.open) throw new Unreadable();
      return Reflect.ownKeys(target);
    },
  });
}
