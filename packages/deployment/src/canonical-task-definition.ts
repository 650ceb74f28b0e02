import { canonicalJson, type Json } from '@tenant-delivery/domain';
import type { JsonObject } from './json.ts';
import type { Tag, TaskDefinitionDocument } from './observed.ts';
import { isObject, registrable } from './task-definition.ts';
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
  return canonicalMembers(sized(registrable(document)), hostPorts);
}

export function sameTaskDefinition(a: TaskDefinitionDocument, b: TaskDefinitionDocument): boolean {
  return canonicalTaskDefinition(a) === canonicalTaskDefinition(b);
}

/** Tags are compared apart from the document, in any order. */
export function sameTags(a: readonly Tag[], b: readonly Tag[]): boolean {
  const text = (tags: readonly Tag[]) => canonicalJson(tags.map(({ key, value }) => [key, value]).sort());
  return text(a) === text(b);
}

function canonicalValue(name: string, value: Json, hostPorts: boolean): Json | undefined {
  if (Array.isArray(value)) return canonicalList(name, value, hostPorts);
  if (!isObject(value)) return value;
  const object = canonicalMembers({ ...DEFAULTS.get(name), ...value }, hostPorts);
  return Object.keys(object).length === 0 ? undefined : object;
}

function canonicalMembers(object: JsonObject, hostPorts: boolean): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([member, value]) => {
      const canonical = canonicalValue(member, value, hostPorts);
      return canonical === undefined ? [] : [[member, canonical] as const];
    }),
  );
}

function canonicalList(name: string, list: readonly Json[], hostPorts: boolean): Json | undefined {
  const entries = list.flatMap((entry) => {
    const canonical = canonicalValue(name, entryOf(name, entry, hostPorts), hostPorts);
    return canonical === undefined ? [] : [canonical];
  });
  if (entries.length === 0) return undefined;
  if (SORTED_TEXTS.has(name)) return entries.sort();
  const by = SORTED_BY.get(name);
  if (!by) return entries;
  return entries
    .map((entry) => ({ entry, key: canonicalJson(isObject(entry) ? [by(entry) ?? '', entry] : ['', entry]) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ entry }) => entry);
}

function entryOf(list: string, entry: Json, hostPorts: boolean): Json {
  if (!isObject(entry)) return entry;
  if (list === 'containerDefinitions') return sized(entry);
  const port = entry['containerPort'];
  return list === 'portMappings' && hostPorts && port !== undefined ? { hostPort: port, ...entry } : entry;
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
