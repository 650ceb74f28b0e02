import type { EnvironmentDuty } from '@tenant-delivery/domain';
import type { EnvironmentContract, TenantContract } from '@tenant-delivery/tenancy/contract';
import { logicalId } from './stacks/template.ts';
import { environmentOf } from './values.ts';

/** What AWS says is there of an environment. */
export interface Made {
  /** Outputs of the network's stack; `undefined` before there is one. */
  readonly network: Readonly<Record<string, string>> | undefined;
  /** The public half of each duty's key, as far as there is a key. */
  readonly keys: readonly MadeKey[];
}

export interface MadeKey {
  readonly duty: EnvironmentDuty;
  readonly keyId: string;
  readonly publicKey: string;
}

type AgreedKey = NonNullable<EnvironmentContract['keys']>[number];

/** One change of a contract's file: a member that gets a value, or a list that gets one more item. */
export interface ContractEdit {
  readonly path: readonly (string | number)[];
  readonly kind: 'set' | 'append';
  readonly value: unknown;
}

export interface Completion {
  /** None if nothing is new. */
  readonly edits: readonly ContractEdit[];
  readonly sentences: readonly string[];
  /** What the contract asks for and AWS does not have yet. */
  readonly open: readonly string[];
}

interface Dates {
  /** When a new key begins to count: a time such as 2026-11-24T09:00:00Z. */
  readonly now: string;
  /** Since when a trust file has believed a key, by its id: what it signed until now goes on to count. */
  readonly since: ReadonlyMap<string, string>;
}

/** The next serial of a contract, with what came of it: the ids of its network, and the keys that sign its record. */
export function completeContract(
  contract: TenantContract,
  environment: string,
  made: Made,
  dates: Dates,
): Completion {
  const network = ofNetwork(contract, environment, made.network);
  const keys = ofKeys(contract, environment, made.keys, dates);
  const edits = [...network.edits, ...keys.edits];
  const open = [...network.open, ...keys.open];
  if (edits.length === 0) return { edits, sentences: [], open };
  const serial = contract.serial + 1;
  return {
    edits: [{ path: ['serial'], kind: 'set', value: serial }, ...edits],
    sentences: [
      `The serial goes from ${contract.serial} to ${serial}.`,
      ...network.sentences,
      ...keys.sentences,
    ],
    open,
  };
}

function ofNetwork(contract: TenantContract, name: string, outputs: Made['network']): Completion {
  const { network, vpc, layers } = environmentOf(contract, name);
  if (network === undefined) return { edits: [], sentences: [], open: [] };
  if (outputs === undefined)
    return { edits: [], sentences: [], open: [`the network of ${name}: it is not provisioned`] };
  const wanted = [
    { path: ['vpc', 'id'], before: vpc.id, after: outputs['VpcId'], says: 'The VPC' },
    ...Object.entries(layers).flatMap(([layer, { subnets, securityGroups }]) => [
      {
        path: ['layers', layer, 'subnets'],
        before: subnets,
        after: outputs[logicalId('subnets', layer)]?.split(','),
        says: `The subnets of the layer ${layer}`,
      },
      {
        path: ['layers', layer, 'securityGroups'],
        before: securityGroups,
        after: listOf(outputs[logicalId('group', layer, 'id')]),
        says: `The security groups of the layer ${layer}`,
      },
    ]),
  ];
  const changed = wanted.filter(
    ({ before, after }) => after !== undefined && String(before) !== String(after),
  );
  return {
    edits: changed.map(({ path, after }) => ({
      path: ['environments', name, ...path],
      kind: 'set',
      value: after,
    })),
    sentences: changed.map(({ says, before, after }) => {
      const instead = before === undefined ? '' : ` instead of ${[before].flat().join(', ')}`;
      return `${says} in ${name}: ${[after].flat().join(', ')}${instead}.`;
    }),
    open: wanted.flatMap(({ path, after }) =>
      after === undefined ? [`${path.join('.')} of ${name}: the network's stack has no such output`] : [],
    ),
  };
}

function listOf(output: string | undefined): readonly string[] | undefined {
  return output === undefined ? undefined : [output];
}

/** A key that took the place of another one begins when the other one ends. */
function ofKeys(
  contract: TenantContract,
  name: string,
  made: readonly MadeKey[],
  { now, since }: Dates,
): Completion {
  const { keys = [] } = environmentOf(contract, name);
  const fresh = made.filter(
    ({ keyId, duty }) => !keys.some((known) => known.keyId === keyId && known.duty === duty),
  );
  const ended = keys.flatMap((key, at) =>
    key.until === undefined && fresh.some(({ duty }) => duty === key.duty) ? [{ key, at }] : [],
  );
  const path = ['environments', name, 'keys'];
  const added = fresh.map(({ duty, keyId, publicKey }): AgreedKey => {
    return { keyId, duty, from: since.get(keyId) ?? now, publicKey };
  });
  return {
    edits: [
      ...ended.map(({ at }) => ({ path: [...path, at, 'until'], kind: 'set' as const, value: now })),
      ...added.map((value) => ({ path, kind: 'append' as const, value })),
    ],
    sentences: [
      ...ended.map(({ key }) => `The ${key.duty} key ${short(key)} of ${name} counts until ${now}.`),
      ...added.map((key) => `The ${key.duty} key ${short(key)} of ${name} counts from ${key.from}.`),
    ],
    open: made.length === 0 ? [`the keys of ${name}: there is none under alias/td/${name}/`] : [],
  };
}

function short({ keyId }: { readonly keyId: string }): string {
  return `${keyId.slice(0, 12)}…`;
}
