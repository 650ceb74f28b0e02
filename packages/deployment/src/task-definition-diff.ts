import { canonicalJson, type Json } from '@tenant-delivery/domain';
import { canonicalTaskDefinition } from './canonical-task-definition.ts';
import type { TaskDefinitionDocument } from './observed.ts';
import { isObject } from './task-definition.ts';

/** One member that differs. `undefined` means that the side does not have it. */
export interface TaskDefinitionChange {
  /** Entries of a list go by their name: `containerDefinitions.app.image`. */
  readonly path: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export const HIDDEN = '(not shown)';

/** Members whose values may be secrets however they are named: shown as changed, never printed or digested. */
const HIDDEN_MEMBERS: ReadonlySet<string> = new Set([
  'environment',
  'command',
  'entryPoint',
  'options',
  'dockerLabels',
  'extraHosts',
  'driverOpts',
]);

/** What differs between two task definitions after their canonical form, by path. */
export function diffTaskDefinitions(
  from: TaskDefinitionDocument,
  to: TaskDefinitionDocument,
): readonly TaskDefinitionChange[] {
  const parse = (document: TaskDefinitionDocument) => JSON.parse(canonicalTaskDefinition(document)) as Json; // our own JSON
  return diff([], parse(from), parse(to));
}

function diff(path: readonly string[], from: Json | undefined, to: Json | undefined): TaskDefinitionChange[] {
  if (canonicalJson(from ?? null) === canonicalJson(to ?? null)) return [];
  const [left, right] = [membersOf(from), membersOf(to)];
  if (left && right) {
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
    return names.flatMap((name) => diff([...path, name], left[name], right[name]));
  }
  const hidden = path.some((name) => HIDDEN_MEMBERS.has(name));
  return [{ path: path.join('.'), from: shown(from, hidden), to: shown(to, hidden) }];
}

function shown(value: Json | undefined, hidden: boolean): string | undefined {
  if (value === undefined) return undefined;
  if (hidden || mayHide(value)) return HIDDEN;
  return typeof value === 'string' ? value : canonicalJson(value);
}

/** A whole container that appears or goes carries its environment with it. */
function mayHide(value: Json): boolean {
  if (Array.isArray(value)) return value.some(mayHide);
  if (!isObject(value)) return false;
  return Object.entries(value).some(([name, member]) => HIDDEN_MEMBERS.has(name) || mayHide(member));
}

/** An object's members, or a list of named entries as an object by name. */
function membersOf(value: Json | undefined): { readonly [name: string]: Json } | undefined {
  if (isObject(value)) return value;
  if (!Array.isArray(value)) return undefined;
  const named = value.flatMap((entry: Json) => {
    const name = isObject(entry)
      ? (entry['name'] ?? entry['containerPath'] ?? entry['namespace'])
      : undefined;
    return typeof name === 'string' ? [[name, entry] as const] : [];
  });
  return named.length === value.length && new Set(named.map(([name]) => name)).size === named.length
    ? Object.fromEntries(named)
    : undefined;
}
