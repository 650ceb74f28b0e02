import { canonicalJson, type Json } from '@tenant-delivery/domain';
import type { TaskDefinitionDocument } from '../observed.ts';
import { canonicalOf, sameJson } from './canonical.ts';
import { type MemberKind, membersOfShape, type ShapeName } from './known-members.ts';
import { isObject } from './task-definition.ts';

/** One member that differs. `undefined` means that the side does not have it. */
export interface TaskDefinitionChange {
  /** Entries of a list go by their name: `containerDefinitions.app.image`, `containerDefinitions.app.environment.MODE`. */
  readonly path: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export const HIDDEN = '(not shown)';

/**
 * Members whose texts may be secrets however they are named: shown as changed, never printed or digested. Beside them
 * all texts by name (log options, labels), and texts of members that this release does not know. By the shape that has
 * them, so that a container called `command` still shows its image.
 */
const SECRET: ReadonlySet<string> = new Set([
  'KeyValuePair.value',
  'ContainerDefinition.command',
  'ContainerDefinition.entryPoint',
  'ContainerDefinition.extraHosts',
  'HealthCheck.command',
]);

/** What names an entry of a list. Lists of other shapes are shown as a whole. */
const NAMED_BY: Partial<
  Readonly<Record<ShapeName, (entry: { readonly [member: string]: Json }) => Json | undefined>>
> = {
  ContainerDefinition: ({ name }) => name,
  KeyValuePair: ({ name }) => name,
  Secret: ({ name }) => name,
  Volume: ({ name }) => name,
  Ulimit: ({ name }) => name,
  MountPoint: ({ containerPath }) => containerPath,
  SystemControl: ({ namespace }) => namespace,
  ContainerDependency: ({ containerName }) => containerName,
  PortMapping: ({ containerPort, containerPortRange, protocol }) =>
    `${containerPort ?? containerPortRange}/${protocol}`,
};

type Kind = MemberKind | 'unknown' | 'secret';
type Members = ReadonlyMap<string, { readonly kind: Kind; readonly value: Json }>;

/** What differs between two task definitions after their canonical form, by path. */
export function diffTaskDefinitions(
  from: TaskDefinitionDocument,
  to: TaskDefinitionDocument,
): readonly TaskDefinitionChange[] {
  return diff([], { shape: 'RegisterTaskDefinitionRequest' }, canonicalOf(from), canonicalOf(to));
}

function diff(
  path: readonly string[],
  kind: Kind,
  from: Json | undefined,
  to: Json | undefined,
): readonly TaskDefinitionChange[] {
  if (sameJson(from, to)) return [];
  const [left, right] = [membersOf(kind, from), membersOf(kind, to)];
  if (!left || !right) return [{ path: path.join('.'), from: shown(kind, from), to: shown(kind, to) }];
  const names = [...new Set([...left.keys(), ...right.keys()])].sort();
  const changes = names.flatMap((name) => {
    const [was, is] = [left.get(name), right.get(name)];
    return diff([...path, name], was?.kind ?? is?.kind ?? 'unknown', was?.value, is?.value);
  });
  return Array.isArray(from) && Array.isArray(to) ? [...orderChange(path, left, right), ...changes] : changes;
}

/** In a list that canonical form leaves in its order, as containers are, the order is a change of its own. */
function orderChange(
  path: readonly string[],
  left: Members,
  right: Members,
): readonly TaskDefinitionChange[] {
  const was = [...left.keys()].filter((name) => right.has(name)).join(', ');
  const is = [...right.keys()].filter((name) => left.has(name)).join(', ');
  return was === is ? [] : [{ path: `${path.join('.')} (order)`, from: was, to: is }];
}

/**
 * What an object, or a list of named entries, is made of; `undefined` for what is shown as a whole. What is not there
 * has no members, so that a container which appears shows each of its own.
 */
function membersOf(kind: Kind, value: Json | undefined): Members | undefined {
  if (kind === 'texts')
    return value === undefined || isObject(value) ? byName(value ?? {}, () => 'secret') : undefined;
  if (typeof kind !== 'object') return undefined;
  if ('shape' in kind) {
    if (value !== undefined && !isObject(value)) return undefined;
    if (kind.shape === 'KeyValuePair' || kind.shape === 'Secret') return undefined;
    return byName(value ?? {}, (name) => kindOf(kind.shape, name));
  }
  const entry = kind.list;
  const naming = typeof entry === 'object' && 'shape' in entry ? NAMED_BY[entry.shape] : undefined;
  if (!naming) return undefined;
  if (value === undefined) return new Map();
  if (!Array.isArray(value)) return undefined;
  const named = value.flatMap((each: Json) => {
    const name = isObject(each) ? naming(each) : undefined;
    return typeof name === 'string' ? [[name, { kind: entry, value: each }] as const] : [];
  });
  const members = new Map(named);
  return members.size === value.length ? members : undefined;
}

function byName(object: { readonly [member: string]: Json }, kind: (name: string) => Kind): Members {
  return new Map(Object.entries(object).map(([name, value]) => [name, { kind: kind(name), value }]));
}

function kindOf(shape: ShapeName, member: string): Kind {
  return SECRET.has(`${shape}.${member}`) ? 'secret' : (membersOfShape(shape).get(member) ?? 'unknown');
}

function shown(kind: Kind, value: Json | undefined): string | undefined {
  if (value === undefined) return undefined;
  const visible = masked(kind, value);
  return typeof visible === 'string' ? visible : canonicalJson(visible);
}

/** The value without the texts that may be secret. A variable shows that it is there, a secret where it comes from. */
function masked(kind: Kind, value: Json): Json {
  if (kind === 'secret') return HIDDEN;
  if (typeof value === 'string') return kind === 'text' ? value : HIDDEN;
  if (Array.isArray(value)) {
    const entry = typeof kind === 'object' && 'list' in kind ? kind.list : 'unknown';
    return value.map((each: Json) => masked(entry, each));
  }
  if (!isObject(value)) return value;
  const shape = typeof kind === 'object' && 'shape' in kind ? kind.shape : undefined;
  const only = Object.keys(value).length === 2;
  if (shape === 'KeyValuePair' && only && value['value'] !== undefined) return HIDDEN;
  if (shape === 'Secret' && only && typeof value['valueFrom'] === 'string') return value['valueFrom'];
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      masked(shape ? kindOf(shape, name) : 'unknown', member),
    ]),
  );
}
