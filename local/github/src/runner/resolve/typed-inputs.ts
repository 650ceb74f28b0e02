import { segmentsOf } from '../expressions/segments.ts';
import type { DeclaredInput } from '../files/declared-inputs.ts';
import { type Mapping, text, type Value } from '../value.ts';

const EMPTY: Readonly<Record<string, Value>> = { boolean: false, number: 0 };

/** A value for an input of a called workflow: text takes any scalar, the other types only their own. */
function inputProblem({ name, type }: DeclaredInput, value: Value): string | undefined {
  if (value === null || type === 'string') {
    if (typeof value === 'object' && value !== null) return `Input '${name}' is text, not a list or mapping.`;
    return undefined;
  }
  if ((type === 'boolean' || type === 'number') && typeof value !== type) {
    return `Input '${name}' is a ${type}; '${text(value)}' is not. An expression that gives text needs fromJSON().`;
  }
  return undefined;
}

/** Problems that can be seen without running: unknown and missing names, and literals of the wrong type. */
export function staticInputProblems(declared: readonly DeclaredInput[], given: Mapping): readonly string[] {
  const known = new Map(declared.map((input) => [input.name.toLowerCase(), input]));
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const wrong = Object.entries(given).flatMap(([name, value]) => {
    const input = known.get(name.toLowerCase());
    if (!input) return [`Input '${name}' is not defined in the called workflow.`];
    const dynamic = typeof value === 'string' && segmentsOf(value).some(({ kind }) => kind === 'expression');
    const problem = dynamic ? undefined : inputProblem(input, value);
    return problem ? [problem] : [];
  });
  const missing = declared
    .filter(({ name, required }) => required && !names.has(name.toLowerCase()))
    .map(({ name }) => `Input '${name}' is required, but not provided.`);
  return [...wrong, ...missing];
}

/** The `inputs` context of a called workflow. Throws when a value turns out to have the wrong type. */
export function typedInputs(
  declared: readonly DeclaredInput[],
  given: Mapping,
  defaultOf: (value: Value) => Value,
): Mapping {
  const byName = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.fromEntries(
    declared.map((input) => {
      const value = byName.get(input.name.toLowerCase()) ?? null;
      const problem = inputProblem(input, value);
      if (problem) throw new Error(problem);
      if (value !== null) return [input.name, input.type === 'string' ? text(value) : value];
      return [input.name, input.default === undefined ? (EMPTY[input.type] ?? '') : defaultOf(input.default)];
    }),
  );
}
