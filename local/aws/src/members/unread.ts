import { existsSync, readFileSync } from 'node:fs';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { Operation } from '../wire/model.ts';
import { members } from '../wire/shape.ts';
import { AwsError } from '../world/service.ts';
import { keptMembers } from './kept.ts';

/** The members of each structure that our code looks at; `npm run models` writes it. */
export type Known = Readonly<Record<string, readonly string[]>>;

const loaded = new Map<string, Known>();

function knownOf(service: string): Known {
  const file = new URL(`known/${service}.json`, import.meta.url);
  const known =
    loaded.get(service) ?? (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Known) : {}); // as `tools/write-known-members.ts` wrote it
  loaded.set(service, known);
  return known;
}

/**
 * Refuses by name what AWS has and no handler here looks at: to pass over a filter or a setting would do what nobody asked for.
 * `false` and what holds nothing else ask for nothing.
 */
export function refuseUnread(service: string, operation: Operation, input: object): void {
  const unread = [...walk(service, operation.input, input, '')];
  if (unread.length > 0)
    throw new AwsError(
      'NotImplemented',
      `local-aws does not implement ${unread.join(', ')} of ${service}:${operation.name}.`,
      501,
    );
}

function* walk(service: string, schema: NormalizedSchema, value: unknown, path: string): Iterable<string> {
  if (value === undefined || value === null) return;
  if (schema.isListSchema() && Array.isArray(value))
    for (const item of value) yield* walk(service, schema.getValueSchema(), item, `${path}[]`);
  else if (schema.isMapSchema())
    for (const item of Object.values(value)) yield* walk(service, schema.getValueSchema(), item, path);
  else if (schema.isStructSchema())
    for (const [name, member] of members(schema)) {
      const given: unknown = Reflect.get(value, name);
      if (asksForNothing(given)) continue;
      const inner = path === '' ? name : `${path}.${name}`;
      const where = isKnown(service, schema.getName() ?? '', name);
      if (where === 'unread') yield inner;
      else if (where === 'looked at') yield* walk(service, member, given, inner);
    }
}

/** Whether a handler looks at a member, or it is listed as one that may be passed over. */
export function isKnown(service: string, structure: string, member: string): 'looked at' | 'kept' | 'unread' {
  if (keptMembers(service).has(`${structure}.${member}`)) return 'kept';
  return knownOf(service)[structure]?.includes(member) ? 'looked at' : 'unread';
}

function asksForNothing(given: unknown): boolean {
  if (given === undefined || given === null || given === false) return true;
  if (given instanceof Uint8Array || given instanceof Date || typeof given !== 'object') return false;
  return Object.values(given).every(asksForNothing);
}
