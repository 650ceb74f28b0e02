/** A step through a pattern. */
type Step =
  /** Takes one character. */
  | { readonly kind: 'one'; readonly fits: (character: string) => boolean }
  /** Takes any number of characters that fit. */
  | { readonly kind: 'run'; readonly fits: (character: string) => boolean }
  /** Takes nothing, and the two steps after it may be left out. */
  | { readonly kind: 'perhaps' };

/** A pattern of COPY or of an ignore file. */
export interface Pattern {
  matches(path: string): boolean;
  /** Whether the path matches, or a folder on the way to it. */
  matchesOnTheWay(path: string): boolean;
}

/** What is wrong with a pattern, in words for its author. */
export class PatternMistake extends Error {}

/**
 * Reads a pattern over relative paths: `*` and `?` stay within one part, `[…]` is a class, `[^…]` all others, `\` escapes
 * (Go's `filepath.Match`). In ignore files `**` spans parts as well (".dockerignore files", Docker's build context reference);
 * in COPY it is a `*` (BuildKit matches part by part). A pattern that BuildKit refuses throws a PatternMistake.
 */
export function readPattern(text: string, of: 'ignore' | 'copy'): Pattern {
  const start = compiled(stepsOf(text, of === 'ignore'));
  return {
    matches: (path) => walk(start(), path, false),
    matchesOnTheWay: (path) => walk(start(), path, true),
  };
}

export function isPattern(text: string): boolean {
  return /[*?[]/.test(text);
}

const any = () => true;
const withinPart = (character: string) => character !== '/';
const only = (wanted: string) => (character: string) => character === wanted;

function stepsOf(text: string, spans: boolean): readonly Step[] {
  const characters = [...text];
  const steps: Step[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const c = characters[at];
    const first = at === 0;
    if (spans && c === '*' && characters[at + 1] === '*') {
      at += characters[at + 2] === '/' ? 2 : 1;
      if (at + 1 < characters.length && !(first && endsIn(text))) {
        steps.push({ kind: 'perhaps' }, { kind: 'run', fits: any }, { kind: 'one', fits: only('/') });
      } else {
        steps.push({ kind: 'run', fits: any });
      }
    } else if (c === '*') {
      steps.push({ kind: 'run', fits: withinPart });
    } else if (c === '?') {
      steps.push({ kind: 'one', fits: withinPart });
    } else if (c === '[') {
      const read = classAt(characters, at);
      steps.push({ kind: 'one', fits: read.fits });
      at = read.end;
    } else {
      if (c === '\\') at += 1;
      const wanted = characters[at];
      if (wanted === undefined) throw new PatternMistake('ends in a \\ that escapes nothing');
      steps.push({ kind: 'one', fits: only(wanted) });
    }
  }
  return steps;
}

/** A `**` followed by plain text means "ends in" to Docker: `**file` matches `myfile`. */
function endsIn(pattern: string): boolean {
  return /^\*\*[^/*?[\]\\][^*?[\]\\]*$/.test(pattern);
}

/** The class that begins at a `[`, and where its `]` is. Rule: Go's `filepath.Match`. */
function classAt(
  characters: readonly string[],
  start: number,
): { readonly fits: (character: string) => boolean; readonly end: number } {
  const negated = characters[start + 1] === '^';
  const ranges: (readonly [string, string])[] = [];
  let at = start + (negated ? 2 : 1);
  const next = (): string => {
    if (characters[at] === '-' || characters[at] === ']')
      throw new PatternMistake(`has a ${characters[at]} in a class that needs a \\ before it`);
    if (characters[at] === '\\') at += 1;
    const c = characters[at];
    if (c === undefined) throw new PatternMistake('has a [ without its ]; write \\[ for the character');
    at += 1;
    return c;
  };
  do {
    const low = next();
    if (characters[at] !== '-') {
      ranges.push([low, low]);
      continue;
    }
    at += 1;
    const high = next();
    if (order(low) > order(high))
      throw new PatternMistake(`has the range ${low}-${high}, which ends before it begins`);
    ranges.push([low, high]);
  } while (characters[at] !== ']');
  const inside = (one: string) =>
    ranges.some(([low, high]) => order(low) <= order(one) && order(one) <= order(high));
  return { fits: (one) => inside(one) !== negated, end: at };
}

function order(character: string): number {
  return character.codePointAt(0) ?? 0;
}

/** How far a path has led: all steps that may come next. `next` remembers where each character leads. */
interface State {
  readonly ways: readonly number[];
  /** Whether the path may end here. */
  readonly ends: boolean;
  readonly next: Map<string, State>;
}

const MOST_STATES = 10_000; // of one pattern; beyond that they are forgotten and found out again

/**
 * A pattern as states, which are made when a path first leads to them. A state stands for all ways through the pattern at
 * once. So no path takes longer than its characters times the pattern's steps, and most take one look-up for each character.
 */
function compiled(steps: readonly Step[]): () => Start {
  const known = new Map<string, State>();
  const stateOf = (from: readonly number[]): State => {
    const ways = [...onward(steps, from)].sort((a, b) => a - b);
    const key = ways.join();
    const state = known.get(key) ?? { ways, ends: ways.includes(steps.length), next: new Map() };
    known.set(key, state);
    return state;
  };
  const after = (state: State, character: string): State => {
    const seen = state.next.get(character);
    if (seen !== undefined) return seen;
    const next = stateOf(state.ways.flatMap((way) => taken(steps[way], way, character)));
    state.next.set(character, next);
    return next;
  };
  return () => {
    if (known.size > MOST_STATES) known.clear();
    return { state: stateOf([0]), after };
  };
}

interface Start {
  readonly state: State;
  readonly after: (state: State, character: string) => State;
}

function taken(step: Step | undefined, way: number, character: string): readonly number[] {
  if (step === undefined || step.kind === 'perhaps' || !step.fits(character)) return [];
  return [step.kind === 'one' ? way + 1 : way];
}

function walk({ state: start, after }: Start, path: string, onTheWay: boolean): boolean {
  let state = start;
  for (const character of path) {
    if (onTheWay && character === '/' && state.ends) return true;
    if (state.ways.length === 0) return false;
    state = after(state, character);
  }
  return state.ends;
}

/** Each way with those that lead on from it without a character, once. */
function onward(steps: readonly Step[], from: readonly number[]): ReadonlySet<number> {
  const ways = new Set(from);
  for (const way of ways) {
    const step = steps[way];
    if (step !== undefined && step.kind !== 'one') ways.add(way + 1);
    if (step?.kind === 'perhaps') ways.add(way + PERHAPS);
  }
  return ways;
}

const PERHAPS = 3; // steps further, when what may be left out is
