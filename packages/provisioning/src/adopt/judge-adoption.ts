import { CONTRACT_TAG } from '@tenant-delivery/tenancy/contract-tag';
import type { PlannedChange } from '../plan/plan.ts';
import type { Stack } from '../stacks/stacks-of.ts';
import type { Template } from '../stacks/template.ts';
import type { Adopted, Found } from './adopted.ts';
import { adoptedBy } from './adopted-mark.ts';

/** Why what the contract names cannot be taken into a stack, a sentence each. */
export function refusedAdoption(
  { name: stack, adopts }: Stack,
  contract: string,
  live: Pick<Template, 'Resources'> | undefined,
  found: Readonly<Record<string, Found>>,
): readonly string[] {
  return Object.entries(adopts ?? {}).flatMap(([id, adopted]) => {
    const there = found[id];
    if (live?.Resources[id] || there === undefined) return [];
    return refusedOne(stack, contract, adopted, there);
  });
}

function refusedOne(stack: string, contract: string, adopted: Adopted, found: Found): readonly string[] {
  const { place, type, madeLater } = adopted;
  const named = `${place}: ${wordFor(adopted)}`;
  if (found.kind === 'absent')
    return madeLater ? [] : [`${named} (${type}) is not there, in this account and region`];
  const others = Object.entries(adopted.must).flatMap(([property, values]) => {
    const live = found.properties[property];
    if (live === undefined) return [`${named}: AWS does not say its ${property}, so it may be another thing`];
    return values.includes(String(live))
      ? []
      : [`${named} has ${property} ${String(live)}, and the contract says ${values.join(' or ')}`];
  });
  return [
    ...(found.stack === undefined || found.stack === stack
      ? []
      : [
          `${named} is in the stack ${found.stack}: a resource belongs to one stack; take it out of that one, with the deletion policy Retain, first`,
        ]),
    ...others,
    ...(adopted.tagged ? refusedTag(named, contract, found.properties['Tags']) : []),
  ];
}

function wordFor({ sought }: Adopted): string {
  return sought.by === 'identifier' ? (Object.values(sought.identifier)[0] ?? '') : sought.name;
}

/** The account's administrator says by a tag what a workflow may take. A role of ours sets it on what it makes, or what has a name of this contract. */
function refusedTag(named: string, contract: string, tags: unknown): readonly string[] {
  const tag = (Array.isArray(tags) ? tags : []).find(
    (each: unknown) => Reflect.get(Object(each), 'Key') === CONTRACT_TAG,
  );
  const value: unknown = tag && Reflect.get(Object(tag), 'Value');
  if (value === contract) return [];
  return [
    value === undefined
      ? `${named} has no tag ${CONTRACT_TAG}=${contract}: the account's administrator sets it on what may be adopted`
      : `${named} has the tag ${CONTRACT_TAG}=${String(value)}, so it is of another environment than ${contract}`,
  ];
}

/** What a stack that was adopted may never do, a sentence each: make or replace what somebody else made. */
export function refusedOfAdopted(
  { name, adopts }: Pick<Stack, 'name' | 'adopts'>,
  changes: readonly PlannedChange[],
): readonly string[] {
  return changes.flatMap(({ logicalId, type, action }) => {
    const adopted = adopts?.[logicalId];
    if (!adopted) return [];
    const what = `${logicalId} of ${name} (${type})`;
    if (action === 'add' && !adopted.madeLater) return [`${what} would be made, and the contract adopts it`];
    return action === 'replace' ? [`${what} was adopted and would be replaced`] : [];
  });
}

/** A stack whose resources were made is not adopted, nor is one that was adopted made over. */
export function refusedChangeOver(
  { name, adopts }: Pick<Stack, 'name' | 'adopts'>,
  live: Pick<Template, 'Resources' | 'Metadata'> | undefined,
): readonly string[] {
  if (live === undefined) return [];
  const was = adoptedBy(live) !== undefined;
  if (was === (adopts !== undefined)) return [];
  return [
    was
      ? `${name} was adopted, and the contract asks for it to be made: it must say \`adopt: true\` and no \`network\` or \`provision\``
      : `${name} was made by a change here, and the contract says \`adopt: true\`: leave it out`,
  ];
}
