import type { PlacedValue } from './yaml-text.ts';

/** Where a value begins, or the name of the member that has it, as an offset into the text; and its parts. */
interface Place {
  readonly at: number;
  readonly parts: ReadonlyMap<string, Place>;
}

interface Wrong {
  readonly at: number;
  readonly problem: string;
}

const BLANK = /[ \t\n\r]*/y;
const TEXT = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y; // textOf judges what is between the quotes
const PLAIN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const DEEPEST = 64; // a task definition has eight levels

/**
 * A JSON text (RFC 8259), or what is wrong with it, with its line and column, which JSON.parse does not always tell. A
 * name that stands twice in an object is refused: JSON.parse would take the last and drop the others without a word.
 * No mistake repeats a value: it may be secret.
 */
export function readJsonText(text: string): PlacedValue | { readonly mistakes: readonly string[] } {
  const wrong: Wrong[] = [];
  const whole = placesOf(text, wrong);
  if (wrong.length > 0 || !whole)
    return { mistakes: wrong.map(({ at, problem }) => `${lineOf(text, at)}: ${problem}`) };
  return {
    value: JSON.parse(text),
    place: (keys) => {
      let place = whole;
      for (const key of keys) place = place.parts.get(String(key)) ?? place;
      return lineOf(text, place.at);
    },
  };
}

function lineOf(text: string, at: number): string {
  const before = text.slice(0, at).split(/\r\n|\n|\r/);
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** What a text in quotes says; nothing for one that JSON does not have, with a line break or an escape of its own in it. */
function textOf(quoted: string | undefined): string | undefined {
  if (quoted === undefined) return undefined;
  try {
    return JSON.parse(quoted);
  } catch {
    return undefined;
  }
}

/** Reads on from an offset that goes with it; after the first mistake of the grammar nothing more is read. */
function placesOf(text: string, wrong: Wrong[]): Place | undefined {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const comes = (character: string): boolean => {
    take(BLANK);
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const takeText = (): string | undefined => {
    const start = at;
    const said = textOf(take(TEXT));
    if (said === undefined) at = start;
    return said;
  };
  const stop = (problem: string): undefined => {
    take(BLANK);
    wrong.push({ at, problem: at >= text.length ? `${problem}, but the file ends` : problem });
  };

  const value = (depth: number): Place | undefined => {
    take(BLANK);
    const start = at;
    if (depth > DEEPEST) return stop(`is deeper than ${DEEPEST} levels`);
    if (comes('{')) return parts(start, '}', (names) => member(names, depth));
    if (comes('[')) return parts(start, ']', (entries) => entry(entries, depth));
    const scalar = takeText() ?? take(PLAIN);
    return scalar === undefined ? stop('must be a value') : { at: start, parts: new Map() };
  };
  const parts = (
    start: number,
    end: '}' | ']',
    part: (found: Map<string, Place>) => boolean,
  ): Place | undefined => {
    const found = new Map<string, Place>();
    if (comes(end)) return { at: start, parts: found };
    while (part(found)) {
      if (comes(end)) return { at: start, parts: found };
      if (!comes(',')) return stop(`must be , or ${end}`);
      take(BLANK);
      if (text[at] === end) return stop(`must not follow a comma: take the comma out`);
    }
    return undefined;
  };
  const member = (found: Map<string, Place>, depth: number): boolean => {
    take(BLANK);
    const start = at;
    const name = takeText();
    if (name === undefined) return stop('must be a name in double quotes') ?? false;
    if (!comes(':')) return stop('must be :') ?? false;
    if (found.has(name)) wrong.push({ at: start, problem: `${JSON.stringify(name)} is in one object twice` });
    const place = value(depth + 1);
    if (place) found.set(name, { at: start, parts: place.parts });
    return place !== undefined;
  };
  const entry = (found: Map<string, Place>, depth: number): boolean => {
    const place = value(depth + 1);
    if (place) found.set(String(found.size), place);
    return place !== undefined;
  };

  const whole = value(0);
  take(BLANK);
  return whole && at < text.length ? stop('must be the end of the file') : whole;
}
