import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { parse } from 'yaml';

type Described = Readonly<Record<string, { readonly default?: string }>>;

const described = new Map<string, Described>();

function inputsOf(action: string): Described {
  const text = () => readFileSync(join(root, 'actions', action, 'action.yml'), 'utf8');
  const inputs = described.get(action) ?? (parse(text()) as { inputs?: Described }).inputs ?? {}; // our own file
  described.set(action, inputs);
  return inputs;
}

/** What the runner gives an action where the workflow says nothing. */
export function defaultsOf(action: string, token: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(inputsOf(action)).map(([name, { default: value = '' }]) => [
      name,
      value === `\${{ github.token }}` ? token : String(value),
    ]),
  );
}
