/**
 * Writes `src/members/known/SERVICE.json`: the members of each structure of a request that some handler looks at, as TypeScript's checker sees
 * it in the code. `npm run models` runs it; with --check it only names what is stale.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { Known } from '../src/members/unread.ts';
import { services } from '../src/services/index.ts';
import { modelOf } from '../src/wire/model.ts';
import { memberNames, members } from '../src/wire/shape.ts';
import type { Service } from '../src/world/service.ts';
import { type Read, readMembers } from './member-reads.ts';

/** What of a service's requests is looked at. */
async function knownOf({ name, sdk, operations }: Service, read: Read): Promise<Known> {
  const model = await modelOf(sdk);
  const known: Record<string, readonly string[]> = {};
  const visit = (schema: NormalizedSchema, byName: (member: string) => boolean): void => {
    if (schema.isListSchema() || schema.isMapSchema()) visit(schema.getValueSchema(), () => false);
    const structure = schema.getName();
    if (!schema.isStructSchema() || structure === undefined || known[structure]) return;
    const looked = (member: string) =>
      read.members.has(`${sdk.split('/')[1]} ${structure}.${member}`) || byName(member);
    known[structure] = memberNames(schema).filter(looked).sort();
    for (const [, member] of members(schema)) visit(member, () => false);
  };
  for (const operation of Object.keys(operations)) {
    const input = model.operations.get(operation)?.input;
    if (input) visit(input, (member) => read.byOperation.has(`${name} ${operation}.${member}`));
  }
  const some = Object.entries(known).filter(([, looked]) => looked.length > 0);
  return Object.fromEntries(some.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Writes what is stale, or with `check` only names it. */
export async function refreshKnown(check: boolean): Promise<readonly string[]> {
  const read = readMembers(new Set(services.flatMap(({ operations }) => Object.keys(operations))));
  const stale: string[] = [];
  for (const service of services) {
    const file = new URL(`../src/members/known/${service.name}.json`, import.meta.url);
    const fresh = await knownOf(service, read);
    const now: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    if (JSON.stringify(now) === JSON.stringify(fresh)) continue;
    if (check) stale.push(`src/members/known/${service.name}.json is stale; run npm run models`);
    else writeFileSync(file, `${JSON.stringify(fresh, null, 2)}\n`);
  }
  return stale;
}

if (import.meta.main) {
  const stale = await refreshKnown(process.argv.includes('--check'));
  for (const line of stale) console.error(line);
  process.exitCode = stale.length > 0 ? 1 : 0;
}
