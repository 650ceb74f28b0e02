import { canonicalJson, type Json } from '@tenant-delivery/domain';
import type { Tag, TaskDefinitionDocument } from './observed.ts';
import { isObject, registrable } from './task-definition.ts';

/** Lists whose order means nothing, and what names an entry. Every other list keeps its order. */
const SORTED_BY: Readonly<Record<string, (entry: { readonly [member: string]: Json }) => Json | undefined>> =
  {
    environment: ({ name }) => name,
    secrets: ({ name }) => name,
    secretOptions: ({ name }) => name,
    portMappings: ({ containerPort, protocol }) => `${containerPort}/${protocol ?? 'tcp'}`,
    mountPoints: ({ containerPath }) => containerPath,
    volumes: ({ name }) => name,
    ulimits: ({ name }) => name,
    systemControls: ({ namespace }) => namespace,
  };

/** ECS writes these as text in one place and as a number in another. */
const SIZES: ReadonlySet<string> = new Set(['cpu', 'memory', 'memoryReservation']);

/**
 * One text for task definitions that run the same: read-only members, nulls and empty collections left out, the
 * defaults that ECS fills in on registering filled in, unordered lists sorted. Only for comparing: registering sends
 * the document itself, in which an empty list may mean something.
 */
export function canonicalTaskDefinition(document: TaskDefinitionDocument): string {
  const awsvpc = document['networkMode'] === 'awsvpc';
  const canonical = canonicalValue('', registrable(document), awsvpc);
  return canonicalJson(canonical ?? {});
}

export function sameTaskDefinition(a: TaskDefinitionDocument, b: TaskDefinitionDocument): boolean {
  return canonicalTaskDefinition(a) === canonicalTaskDefinition(b);
}

/** Tags are compared apart from the document, in any order. */
export function sameTags(a: readonly Tag[], b: readonly Tag[]): boolean {
  const text = (tags: readonly Tag[]) => canonicalJson(tags.map(({ key, value }) => [key, value]).sort());
  return text(a) === text(b);
}

function canonicalValue(name: string, value: Json, awsvpc: boolean): Json | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value)) return canonicalList(name, value, awsvpc);
  if (isObject(value)) return canonicalObject(name, value, awsvpc);
  return SIZES.has(name) ? String(value) : value;
}

function canonicalList(name: string, list: readonly Json[], awsvpc: boolean): Json | undefined {
  const entries = list.flatMap((entry) => {
    const canonical = isObject(entry)
      ? canonicalObject(name, withDefaults(name, entry, awsvpc), awsvpc)
      : canonicalValue(name, entry, awsvpc);
    return canonical === undefined ? [] : [canonical];
  });
  if (entries.length === 0) return undefined;
  const by = SORTED_BY[name];
  if (!by) return entries;
  const key = (entry: Json) => canonicalJson(isObject(entry) ? [by(entry) ?? '', entry] : ['', entry]);
  return entries.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function canonicalObject(
  name: string,
  object: { readonly [member: string]: Json },
  awsvpc: boolean,
): Json | undefined {
  const members = Object.entries(object).flatMap(([member, value]) => {
    const canonical = canonicalValue(member, value, awsvpc);
    return canonical === undefined ? [] : [[member, canonical] as const];
  });
  return members.length === 0 && name !== '' ? undefined : Object.fromEntries(members);
}

/** What ECS writes into a registered task definition where the request said nothing. */
function withDefaults(list: string, entry: { readonly [member: string]: Json }, awsvpc: boolean) {
  if (list === 'containerDefinitions') return { essential: true, cpu: 0, ...withoutNulls(entry) };
  if (list !== 'portMappings') return entry;
  const hostPort = awsvpc ? { hostPort: entry['containerPort'] ?? null } : {};
  return { protocol: 'tcp', ...hostPort, ...withoutNulls(entry) };
}

function withoutNulls(entry: { readonly [member: string]: Json }) {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
}
