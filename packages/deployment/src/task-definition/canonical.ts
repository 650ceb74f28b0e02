import { canonicalJson, type Json } from '@tenant-delivery/domain';
import type { JsonObject } from '../json.ts';
import type { Tag, TaskDefinitionDocument } from '../observed.ts';
import { READ_ONLY_MEMBERS } from './read-only-members.ts';
import { isObject } from './task-definition.ts';
import { cpuUnits, mebibytes } from './task-sizes.ts';

/** Lists whose order means nothing, and what names an entry. Every other list keeps its order. */
const SORTED_BY: ReadonlyMap<string, (entry: JsonObject) => Json | undefined> = new Map([
  ['environment', ({ name }) => name],
  ['secrets', ({ name }) => name],
  ['secretOptions', ({ name }) => name],
  ['portMappings', ({ containerPort, protocol }) => `${containerPort}/${protocol}`],
  ['mountPoints', ({ containerPath }) => containerPath],
  ['volumes', ({ name }) => name],
  ['ulimits', ({ name }) => name],
  ['systemControls', ({ namespace }) => namespace],
]);

/** Lists whose order means nothing and whose entries are texts. */
const SORTED_TEXTS: ReadonlySet<string> = new Set(['requiresCompatibilities']);

/**
 * What ECS writes into a registered task definition where the request said nothing, or does without writing it: by the
 * member that holds the object, or the list of objects ("Amazon ECS task definition parameters").
 */
const DEFAULTS: ReadonlyMap<string, JsonObject> = new Map<string, JsonObject>([
  ['containerDefinitions', { essential: true, cpu: 0 }],
  ['portMappings', { protocol: 'tcp' }],
  ['mountPoints', { readOnly: false }],
  ['volumesFrom', { readOnly: false }],
  ['healthCheck', { interval: 30, timeout: 5, retries: 3 }],
  ['efsVolumeConfiguration', { rootDirectory: '/', transitEncryption: 'DISABLED' }],
]);

/**
 * One text for task definitions that run the same: read-only members, nulls and empty collections left out, defaults
 * filled in, unordered lists sorted, sizes in one unit. Only for comparing: registering sends the document itself, in
 * which an empty list may mean something.
 */
export function canonicalTaskDefinition(document: TaskDefinitionDocument): string {
  return canonicalJson(canonicalOf(document));
}

/** The value that `canonicalTaskDefinition` writes. */
export function canonicalOf(document: TaskDefinitionDocument): JsonObject {
  const mode = document['networkMode'];
  const hostPorts = mode === 'awsvpc' || mode === 'host'; // a port of the container is the same port of the host
  const taken = Object.entries(document).filter(([name]) => !READ_ONLY_MEMBERS.has(name));
  return canonicalMembers(sized(Object.fromEntries(taken)), undefined, hostPorts);
}

export function sameTaskDefinition(a: TaskDefinitionDocument, b: TaskDefinitionDocument): boolean {
  return sameJson(canonicalOf(a), canonicalOf(b));
}

/** Whether two values are equal, whatever the order of their members. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((each: Json, at) => sameJson(each, b[at]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameJson(a[name], b[name]))
  );
}

/** Tags are compared apart from the document, in any order. */
export function sameTags(a: readonly Tag[], b: readonly Tag[]): boolean {
  const text = (tags: readonly Tag[]) => canonicalJson(tags.map(({ key, value }) => [key, value]).sort());
  return text(a) === text(b);
}

function canonicalValue(name: string, value: Json, hostPorts: boolean): Json | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value)) return canonicalList(name, value, hostPorts);
  if (!isObject(value)) return value;
  const object = canonicalMembers(value, DEFAULTS.get(name), hostPorts);
  return Object.keys(object).length === 0 ? undefined : object;
}

function canonicalMembers(
  object: JsonObject,
  defaults: JsonObject | undefined,
  hostPorts: boolean,
): JsonObject {
  const members = new Map(defaults ? Object.entries(defaults) : []);
  for (const [member, value] of Object.entries(object)) {
    const canonical = canonicalValue(member, value, hostPorts);
    if (canonical !== undefined) members.set(member, canonical);
  }
  return Object.fromEntries(members);
}

function canonicalList(name: string, list: readonly Json[], hostPorts: boolean): Json | undefined {
  const entries = list.flatMap((entry) => {
    const canonical = canonicalValue(name, entryOf(name, entry, hostPorts), hostPorts);
    return canonical === undefined ? [] : [canonical];
  });
  if (entries.length === 0) return undefined;
  if (SORTED_TEXTS.has(name)) return entries.sort();
  const by = SORTED_BY.get(name);
  return by ? sortedBy((entry) => (isObject(entry) ? (by(entry) ?? '') : ''), entries) : entries;
}

/** By what names the entries; entries of one name by all that they hold, so that there is one order for one content. */
function sortedBy(naming: (entry: Json) => Json, entries: readonly Json[]): readonly Json[] {
  return entries
    .map((entry) => ({ entry, name: String(naming(entry)) }))
    .sort((a, b) => before(a.name, b.name) || before(canonicalJson(a.entry), canonicalJson(b.entry)))
    .map(({ entry }) => entry);
}

function before(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function entryOf(list: string, entry: Json, hostPorts: boolean): Json {
  if (!isObject(entry)) return entry;
  if (list === 'containerDefinitions') return sized(entry);
  const port = entry['containerPort'];
  if (list !== 'portMappings' || !hostPorts || port === undefined) return entry;
  return { ...entry, hostPort: entry['hostPort'] ?? port };
}

/** ECS takes sizes as text in one place and as numbers in another, of tasks with a unit too, and answers CPU units and MiB. */
function sized(object: JsonObject): JsonObject {
  const { cpu, memory, memoryReservation: reserved } = object;
  return {
    ...object,
    ...(cpu === undefined ? {} : { cpu: cpuUnits(cpu) ?? cpu }),
    ...(memory === undefined ? {} : { memory: mebibytes(memory) ?? memory }),
    ...(reserved === undefined ? {} : { memoryReservation: mebibytes(reserved) ?? reserved }),
  };
}
