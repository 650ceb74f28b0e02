import { formatImage, type Image, type Json } from '@tenant-delivery/domain';
import type { JsonObject } from '../json.ts';
import type { TaskDefinitionDocument } from '../observed.ts';
import { READ_ONLY_MEMBERS } from './read-only-members.ts';

/** What RegisterTaskDefinition takes of a described task definition: all of it but the read-only members and nulls. */
export function registrable(document: TaskDefinitionDocument): TaskDefinitionDocument {
  return objectWithoutNulls(
    Object.fromEntries(Object.entries(document).filter(([name]) => !READ_ONLY_MEMBERS.has(name))),
  );
}

function objectWithoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, value]) =>
      value === null ? [] : [[name, withoutNulls(value)] as const],
    ),
  );
}

function withoutNulls(value: Json): Json {
  if (Array.isArray(value))
    return value.flatMap((entry: Json) => (entry === null ? [] : [withoutNulls(entry)]));
  return isObject(value) ? objectWithoutNulls(value) : value;
}

export function containersOf(document: TaskDefinitionDocument): readonly JsonObject[] {
  const containers = document['containerDefinitions'];
  return Array.isArray(containers) ? containers.filter(isObject) : [];
}

export function containerNames(document: TaskDefinitionDocument): readonly string[] {
  return containersOf(document).flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
}

export function containerNamed(document: TaskDefinitionDocument, name: string): JsonObject | undefined {
  return containersOf(document).find((container) => container['name'] === name);
}

/** The image text of a container, tag or digest, as the task definition has it. */
export function imageOf(document: TaskDefinitionDocument, container: string): string | undefined {
  const image = containerNamed(document, container)?.['image'];
  return typeof image === 'string' ? image : undefined;
}

/** The same task definition with one container's image set by digest. Every other container keeps its own. */
export function withImage(
  document: TaskDefinitionDocument,
  container: string,
  image: Image,
): TaskDefinitionDocument {
  const containers = document['containerDefinitions'];
  if (!Array.isArray(containers)) return document;
  return {
    ...document,
    containerDefinitions: containers.map((each: Json) =>
      isObject(each) && each['name'] === container ? { ...each, image: formatImage(image) } : each,
    ),
  };
}

/** Where the `awslogs` driver writes a task's lines, or `undefined` for another driver or none. */
export function logStreamOf(
  document: TaskDefinitionDocument,
  container: string,
  taskArn: string,
): { readonly group: string; readonly stream: string } | undefined {
  const log = containerNamed(document, container)?.['logConfiguration'];
  if (!isObject(log) || log['logDriver'] !== 'awslogs' || !isObject(log['options'])) return undefined;
  const group = log['options']['awslogs-group'];
  const prefix = log['options']['awslogs-stream-prefix'];
  if (typeof group !== 'string' || typeof prefix !== 'string') return undefined;
  return { group, stream: `${prefix}/${container}/${taskArn.split('/').at(-1)}` };
}

/** The port on which a container takes requests: its only port mapping's, or the one named. */
export function portsOf(document: TaskDefinitionDocument, container: string): readonly number[] {
  const mappings = containerNamed(document, container)?.['portMappings'];
  if (!Array.isArray(mappings)) return [];
  return mappings.flatMap((mapping: Json) =>
    isObject(mapping) && typeof mapping['containerPort'] === 'number' ? [mapping['containerPort']] : [],
  );
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
