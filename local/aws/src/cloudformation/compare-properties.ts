import { isDeepStrictEqual } from 'node:util';
import type { Properties } from './resource-type.ts';
import { specOf } from './spec.ts';

/** Names of the properties that differ. */
export function changedNames(before: Properties, after: Properties): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name]));
}

/** Whether one of the properties is such that its change brings a new resource, as AWS's schemas have it. */
export function isReplaced(type: string, names: readonly string[]): boolean {
  const known = specOf(type)?.properties ?? {};
  return names.some((name) => known[name]?.causesReplacement === 'yes');
}

/** The template names the resource itself and keeps that name: its replacement would collide with it. */
export function customNameStays(type: string, before: Properties, after: Properties): boolean {
  const { primaryIdentifier = [], name = '', properties = {} } = specOf(type) ?? {};
  const stays = (one: string) => after[one] !== undefined && isDeepStrictEqual(before[one], after[one]);
  const names = [`${name}Name`, 'Name'].filter((one) => properties[one]?.causesReplacement === 'yes');
  return names.some(stays) || (primaryIdentifier.length > 0 && primaryIdentifier.every(stays));
}
