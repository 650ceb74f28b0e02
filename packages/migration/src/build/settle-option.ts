import { piecesOf } from '../expressions.ts';
import type { Expanded } from '../scripts/expand.ts';
import { fromWorkspace, isAddress } from './paths.ts';

/** An option of `docker build`; the context is one too. */
export interface Option {
  readonly name: string;
  readonly value: string;
}

export const CONTEXT = 'context';

/** Where a `docker build` runs. */
export interface BuildPlace {
  /** Folder of the workspace. */
  readonly folder: string;
  /** What docker would find in its environment under this name. */
  environment(name: string): Expanded;
  /** Whether the script itself sets it. */
  isOfTheScript(name: string): boolean;
  /** A text with what the file says of its expressions. */
  resolve(text: string): string;
}

/** The value of an option as it means the same outside of its script: its paths, and what it takes from the environment. */
export function settled({ name, value }: Option, place: BuildPlace): Expanded {
  switch (name) {
    case CONTEXT:
    case '--file':
      return fromWorkspace(place.folder, value);
    case '--build-arg':
      return argument(value, place);
    case '--build-context':
      return contextOf(value, place);
    case '--secret':
      return secretOf(value, place);
    case '--cache-from':
    case '--cache-to':
      return /(?:^|,)type=local(?:,|$)/.test(value)
        ? moved(value, ['src', 'dest'], (path) =>
            path.startsWith('/') ? { text: path } : fromWorkspace(place.folder, path),
          )
        : { text: value };
    default:
      return { text: value };
  }
}

/** `--build-arg NAME` takes the variable of that name. */
function argument(value: string, { environment }: BuildPlace): Expanded {
  const pieces = piecesOf(value);
  if (isOfOptions(value)) return { text: value };
  if (pieces.length === 1 && 'expression' in (pieces[0] ?? {}))
    return { why: `this file does not say how many build arguments are in ${value}` };
  if (!/^[A-Za-z_]\w*$/.test(value)) return { text: value };
  const found = environment(value);
  return 'why' in found ? found : { text: `${value}=${found.text}` };
}

function contextOf(value: string, { folder }: BuildPlace): Expanded {
  const [id, path] = [value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)];
  if (isAddress(path)) return { why: `the build context ${value} is no folder of the workspace` };
  const found = fromWorkspace(folder, path);
  return 'why' in found ? found : { text: `${id}=${found.text}` };
}

function secretOf(value: string, { folder, isOfTheScript }: BuildPlace): Expanded {
  const [, variable] = /(?:^|,)env=([^,]*)/.exec(value) ?? [];
  if (variable !== undefined && isOfTheScript(variable))
    return { why: `the secret \`${value}\` has its value from the script` };
  return moved(value, ['src', 'source'], (path) => fromWorkspace(folder, path));
}

/** A value such as `type=local,src=PATH` with its paths by `move`. */
function moved(value: string, names: readonly string[], move: (path: string) => Expanded): Expanded {
  const parts: string[] = [];
  for (const part of value.split(',')) {
    const [name = '', path] = [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)];
    const found = names.includes(name) ? move(path) : { text: path };
    if ('why' in found) return found;
    parts.push(part.includes('=') ? `${name}=${found.text}` : part);
  }
  return { text: parts.join(',') };
}

/** Whether a value is what a step of the shell has read of `$ARGS`: each line is one option. */
export function isOfOptions(text: string): boolean {
  return /^\$\{\{ steps\.[\w-]+\.outputs\.OPTIONS_\d+_\w+ \}\}$/.test(text);
}
