import type { Json } from '@tenant-delivery/domain';
import type { JsonObject } from '../json.ts';
import { isObject } from './task-definition.ts';

/** RFC 7396: objects are merged, `null` takes a member out, everything else replaces what was there. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  return isObject(patch) ? mergeObjects(isObject(target) ? target : {}, patch) : patch;
}

export function mergeObjects(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [name, member] of Object.entries(patch)) {
    if (member === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), member));
  }
  return Object.fromEntries(merged);
}
