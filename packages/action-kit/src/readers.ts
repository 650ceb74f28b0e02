import { nearest } from '@tenant-delivery/domain';
import { Failure } from './failure.ts';
import type { Runner } from './runner.ts';

/** Turns the text of one input into a value, or says what is wrong with it and how to fix it. */
export type Reader<T> = (
  text: string,
) => { readonly value: T } | { readonly problem: string; readonly fix: string };

/** A text that must be given, matching `pattern` when there is one; `what` completes "must be …". */
export function text(what: string, pattern?: RegExp): Reader<string> {
  return (given) => {
    if (given === '') return { problem: 'is missing', fix: `give ${what}` };
    if (pattern && !pattern.test(given)) return { problem: `is ${quote(given)}`, fix: `give ${what}` };
    return { value: given };
  };
}

/** Empty means not given. */
export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (given) => (given === '' ? { value: undefined } : reader(given));
}

/** What is not given is read as `usual`. For a default that only one way of using an action has. */
export function otherwise<T>(usual: string, reader: Reader<T>): Reader<T> {
  return (given) => reader(given === '' ? usual : given);
}

/** As YAML's core schema and GitHub's own actions write them. */
export const boolean: Reader<boolean> = (given) => {
  if (/^(true|True|TRUE)$/.test(given)) return { value: true };
  if (/^(false|False|FALSE)$/.test(given)) return { value: false };
  return { problem: given === '' ? 'is missing' : `is ${quote(given)}`, fix: 'give true or false' };
};

/** A whole number between two bounds, both allowed. */
export function integer(from: number, to: number): Reader<number> {
  return (given) => {
    const value = Number(given);
    return /^-?\d+$/.test(given) && value >= from && value <= to
      ? { value }
      : {
          problem: given === '' ? 'is missing' : `is ${quote(given)}`,
          fix: `give a whole number from ${from} to ${to}`,
        };
  };
}

export function oneOf<const T extends string>(...choices: readonly T[]): Reader<T> {
  return (given) => {
    const value = choices.find((choice) => choice === given);
    if (value !== undefined) return { value };
    const near = nearest(given, choices);
    const hint = near ? `; did you mean ${near}?` : '';
    return {
      problem: given === '' ? 'is missing' : `is ${quote(given)}`,
      fix: `give one of ${choices.join(', ')}${hint}`,
    };
  };
}

/** One value a line; blank lines and surrounding blanks are dropped. */
export function lines(): Reader<readonly string[]> {
  return (given) => ({
    value: given
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  });
}

export type Given<Table extends Record<string, Reader<unknown>>> = {
  readonly [Name in keyof Table]: Table[Name] extends Reader<infer T> ? T : never;
};

/**
 * Reads every input of the table and reports all mistakes at once: one INPUTS_INVALID, a line for each.
 * GitHub itself enforces neither `required` nor any type, so this is where both hold.
 */
export function readInputs<Table extends Record<string, Reader<unknown>>>(
  runner: Runner,
  table: Table,
): Given<Table> {
  const read = tryInputs(runner, table);
  if ('mistakes' in read) throw inputsInvalid(read.mistakes);
  return read.given;
}

/** As `readInputs`, for an action that has more to say about its inputs before it reports the mistakes. */
export function tryInputs<Table extends Record<string, Reader<unknown>>>(
  runner: Runner,
  table: Table,
): { readonly given: Given<Table> } | { readonly mistakes: readonly string[] } {
  const given: Record<string, unknown> = {};
  const mistakes: string[] = [];
  for (const [name, reader] of Object.entries(table)) {
    const read = reader(runner.input(name));
    if ('value' in read) given[name] = read.value;
    else mistakes.push(`${name} ${read.problem}: ${read.fix}`);
  }
  for (const name of runner.given().filter((name) => !(name in table))) {
    const near = nearest(name, Object.keys(table));
    mistakes.push(`${name} is not an input of this action: ${near ? `did you mean ${near}?` : 'remove it'}`);
  }
  if (mistakes.length > 0) return { mistakes };
  return { given: given as Given<Table> }; // every name of the table was assigned above
}

export function inputsInvalid(mistakes: readonly string[]): Failure {
  const count = mistakes.length === 1 ? 'One input is' : `${mistakes.length} inputs are`;
  return new Failure(
    'INPUTS_INVALID',
    `${count} wrong: ${mistakes.join('; ')}`,
    'Correct the `with:` block of this step; each line names an input, what was given and what to give.',
    { details: mistakes },
  );
}

function quote(given: string): string {
  return JSON.stringify(given.length > 80 ? `${given.slice(0, 77)}…` : given);
}
