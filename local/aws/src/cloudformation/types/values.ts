import type { Properties } from '../resource-type.ts';

/** A property that is text; `undefined` where the template has none. */
export function text(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return value === undefined ? undefined : String(value);
}

export function numberOf(properties: Properties, name: string): number | undefined {
  const value = properties[name];
  return value === undefined ? undefined : Number(value);
}

/** A property that is a list of structures; empty where the template has none. */
export function structures(properties: Properties, name: string): readonly Properties[] {
  const value = properties[name];
  return Array.isArray(value) ? value : [];
}

/** A property that is a structure. */
export function structure(properties: Properties, name: string): Properties {
  return Object(properties[name]) as Properties; // judged by AWS's schema before
}

/** A property that is a list of texts; empty where the template has none. */
export function list(properties: Properties, name: string): readonly string[] {
  const value = properties[name];
  return Array.isArray(value) ? value.map(String) : [];
}
