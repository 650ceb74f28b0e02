import { posix } from 'node:path';
import type { Expanded } from '../scripts/expand.ts';

/** A folder or a file without what means nothing: `./a/` is `a`. */
function plainPath(path: string): string {
  const plain = path.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
  return plain === '' ? '.' : plain;
}

/** A path from a folder of the workspace. */
export function within(folder: string | undefined, path: string): string {
  const [base, rest] = [plainPath(folder ?? '.'), plainPath(path)];
  const joined = base === '.' ? rest : rest === '.' ? base : `${base}/${rest}`;
  return path.startsWith('/') || joined.includes('${{') ? joined : plainPath(posix.normalize(joined));
}

/** Whether a build context is an address or another stage, and no folder. */
export function isAddress(context: string): boolean {
  return context === '-' || /^[a-z+-]+:\/\/|^git@|\.git(#|$)|\{\{defaultContext\}\}/i.test(context);
}

/** Whether a path leads out of the workspace. */
export function leadsOut(path: string): boolean {
  return /^(\/|~|\.\.(\/|$))/.test(path) || isAddress(path);
}

/** A path as a script in this folder means it, from the workspace; or why that is not known. */
export function fromWorkspace(folder: string, path: string): Expanded {
  if (folder !== '.' && path.startsWith('${{'))
    return { why: `this file does not say whether ${path} is in ${folder}` };
  const text = within(folder, path);
  return leadsOut(text) ? { why: `${path} is outside of the workspace` } : { text };
}
