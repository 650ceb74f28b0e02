import type { Json } from '@tenant-delivery/domain';
import type { JsonObject } from '../../json.ts';
import type { TaskDefinitionDocument } from '../../observed.ts';
import { containersOf, isObject } from '../task-definition.ts';

/** A container and where it is, by its name if it has one. */
export interface Placed {
  readonly path: string;
  readonly name: string;
  readonly container: JsonObject;
}

export function placedContainers(document: TaskDefinitionDocument): readonly Placed[] {
  return containersOf(document).map((container, at) => {
    const name = textOf(container['name']) ?? '';
    return { path: `containerDefinitions.${name || at}`, name, container };
  });
}

/** Values of another kind are passed over here: what kind a member has is said where its shape is checked. */
export function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textsIn(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((entry: Json) => typeof entry === 'string') : [];
}

export function objectIn(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Whether a member says more than its absence: ECS describes what is not there as an empty list, an empty text or false. */
export function says(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== false && value !== '';
}

export function onFargate(document: TaskDefinitionDocument): boolean {
  return textsIn(document['requiresCompatibilities']).includes('FARGATE');
}

export function networkOf(document: TaskDefinitionDocument): string {
  return textOf(document['networkMode']) ?? 'bridge';
}

export function onWindows(document: TaskDefinitionDocument): boolean {
  const family = objectIn(document['runtimePlatform'])?.['operatingSystemFamily'];
  return textOf(family)?.startsWith('WINDOWS') ?? false;
}

/** What is there more than once. */
export function repeatedIn<T>(all: readonly T[]): readonly T[] {
  const seen = new Set<T>();
  const twice = new Set<T>();
  for (const one of all) (seen.has(one) ? twice : seen).add(one);
  return [...twice];
}
