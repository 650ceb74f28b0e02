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

/** Takes a text piece by piece; `at` is where it is. */
class Taker {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  /** Where the next piece begins that is not blank. */
  next(): number {
    this.take(BLANK);
    return this.at;
  }

  is(character: string): boolean {
    return this.text[this.next()] === character;
  }

  takes(character: string): boolean {
    const isIt = this.is(character);
    if (isIt) this.at += 1;
    return isIt;
  }

  takeText(): string | undefined {
    const start = this.at;
    const said = textOf(this.take(TEXT));
    if (said === undefined) this.at = start;
    return said;
  }
}

/** Reads a whole text; after the first mistake of the grammar nothing more is read. */
function placesOf(text: string, wrong: Wrong[]): Place | undefined {
  const taker = new Taker(text);
  const stop = (problem: string): undefined => {
    const at = taker.next();
    wrong.push({ at, problem: at >= text.length ? `${problem}, but the file ends` : problem });
  };

  const value = (depth: number): Place | undefined => {
    const start = taker.next();
    if (depth > DEEPEST) return stop(`is deeper than ${DEEPEST} levels`);
    if (taker.takes('{')) return parts(start, '}', (names) => member(names, depth));
    if (taker.takes('[')) return parts(start, ']', (entries) => entry(entries, depth));
    const scalar = taker.takeText() ?? taker.take(PLAIN);
    return scalar === undefined ? stop('must be a value') : { at: start, parts: new Map() };
  };
  const parts = (
    start: number,
    end: '}' | ']',
    part: (found: Map<string, Place>) => boolean,
  ): Place | undefined => {
    const found = new Map<string, Place>();
    if (taker.takes(end)) return { at: start, parts: found };
    while (part(found)) {
      if (taker.takes(end)) return { at: start, parts: found };
      if (!taker.takes(',')) return stop(`must be , or ${end}`);
      if (taker.is(end)) return stop(`must not follow a comma: take the comma out`);
    }
    return undefined;
  };
  const member = (found: Map<string, Place>, depth: number): boolean => {
    const start = taker.next();
    const name = taker.takeText();
    if (name === undefined) return stop('must be a name in double quotes') ?? false;
    if (!taker.takes(':')) return stop('must be :') ?? false;
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
  return whole && taker.next() < text.length ? stop('must be the end of the file') : whole;
}
