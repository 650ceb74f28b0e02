import type { ResourceType } from '../resource-type.ts';
import { logTypes } from './logs.ts';

/** Every type of resource that a stack can have here. A new one is added to the list of its service's file. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [...logTypes].map((one) => [one.type, one]),
);
