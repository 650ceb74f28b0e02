import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** What the runner gives for inputs that a step leaves out, by the `action.yml` at this place. */
export function actionDefaults(file: URL): Readonly<Record<string, string>> {
  const { inputs } = parse(readFileSync(file, 'utf8')) as {
    readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  };
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default ?? '']));
}
