import type { DeclaredInput } from '../files/declared-inputs.ts';
import { type Mapping, type Strings, text, type Value } from '../value.ts';

export interface DispatchInputs {
  /** The `inputs` context: booleans and numbers keep their types. */
  readonly inputs: Mapping;
  /** `github.event.inputs`: all text. */
  readonly raw: Strings;
}

/** Checks what a person or the API gave to `workflow_dispatch`; lists every mistake. */
export function dispatchInputs(
  declared: readonly DeclaredInput[],
  given: Readonly<Record<string, string | number | boolean>>,
): DispatchInputs | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const names = declared.map(({ name }) => name);
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) {
      problems.push(`Input '${name}' is not defined by the workflow. It has: ${names.join(', ') || 'none'}.`);
    }
  }
  const inputs: Record<string, Value> = {};
  for (const input of declared) {
    const value = given[input.name] ?? input.default ?? (input.type === 'boolean' ? false : '');
    const problem = problemWith(input, text(value), input.name in given);
    if (problem) problems.push(problem);
    inputs[input.name] = typed(input, text(value));
  }
  if (problems.length > 0) return { problems };
  return {
    inputs,
    raw: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, text(value)])),
  };
}

function problemWith({ name, type, required, options }: DeclaredInput, value: string, given: boolean) {
  if (required && value === '')
    return `Input '${name}' is required; it was ${given ? 'empty' : 'not given'}.`;
  if (value === '') return undefined;
  if (type === 'choice' && !options.includes(value)) {
    return `Input '${name}' is '${value}'; it must be one of: ${options.join(', ')}.`;
  }
  if (type === 'boolean' && !/^(true|false)$/.test(value))
    return `Input '${name}' is '${value}'; it must be true or false.`;
  if (type === 'number' && !Number.isFinite(Number(value)))
    return `Input '${name}' is '${value}'; it must be a number.`;
  return undefined;
}

function typed({ type }: DeclaredInput, value: string): Value {
  if (type === 'boolean') return value === 'true';
  if (type === 'number' && value !== '') return Number(value);
  return value;
}
