import { type Given, inputsInvalid, optional, type Reader, tryInputs } from './readers.ts';
import type { Runner } from './runner.ts';

/** The inputs of one way of using an action, such as with a contract or without. */
export type Way = Readonly<Record<string, Reader<unknown>>>;

/** Every input of an action with several ways: what is required depends on the way. */
export function inputsOf(common: Way, ...ways: readonly Way[]): Way {
  const all = ways.flatMap((way) => Object.entries(way).map(([name, reader]) => [name, optional(reader)]));
  return { ...Object.fromEntries(all), ...common };
}

/**
 * Reads the inputs of one way. An input that belongs to another way is a mistake, and the mistake names that way. `further` looks for mistakes
 * between inputs that are each well. Throws with every mistake.
 */
export function readWay<W extends Way>(
  runner: Runner,
  all: Way,
  {
    way,
    others,
    further = () => [],
  }: {
    readonly way: W;
    /** What the inputs of other ways belong to. */
    readonly others: string;
    readonly further?: (given: Given<W>) => readonly string[];
  },
): Given<W> {
  const foreign = Object.keys(all).filter((name) => !(name in way));
  const tried = tryInputs(runner, {
    ...Object.fromEntries(foreign.map((name) => [name, belongingTo(others)])),
    ...way,
  });
  if ('mistakes' in tried) throw inputsInvalid(tried.mistakes);
  const given = tried.given as Given<W>; // the way's own members, and others that are undefined
  const mistakes = further(given);
  if (mistakes.length > 0) throw inputsInvalid(mistakes);
  return given;
}

function belongingTo(others: string): Reader<undefined> {
  return (given) =>
    given === ''
      ? { value: undefined }
      : { problem: 'is given', fix: `leave it out, it belongs to ${others}` };
}
