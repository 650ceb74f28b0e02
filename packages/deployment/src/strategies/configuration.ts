import type { Json } from '@tenant-delivery/domain';
import { isObject } from '../task-definition/task-definition.ts';

type JsonObject = { readonly [member: string]: Json };

/** A member that is an object; an empty one where there is none. */
export function objectIn(from: JsonObject, member: string): JsonObject {
  const value = from[member];
  return isObject(value) ? value : {};
}

/** A member that is a number of minutes, tasks or per cent. */
export function numberIn(from: JsonObject, member: string): number | undefined {
  const value = from[member];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
