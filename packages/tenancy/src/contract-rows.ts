import type { TenantContract } from './contract.ts';

/** One job of a matrix: where it works, and on what. */
export interface ContractRow {
  readonly tenant: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly part?: string;
  readonly service?: string;
  readonly credential?: string;
}

type Agreed = TenantContract['environments'][string];

/** What a workflow may need a job for each of, and the members that tell one from another in an environment. */
const EACH: Readonly<Record<string, (agreed: Agreed) => readonly Partial<ContractRow>[]>> = {
  environments: () => [{}],
  'environments with a network': ({ network, adopt }) => (network || adopt ? [{}] : []),
  'parts of environments with a network': ({ network, adopt }) =>
    network || adopt ? ['foundation', 'network', 'services'].map((part) => ({ part })) : [],
  'environments with credentials': ({ credentials = [] }) => (credentials.length > 0 ? [{}] : []),
  services: ({ services }) => Object.keys(services).map((service) => ({ service })),
  credentials: ({ credentials = [] }) => credentials.map(({ id }) => ({ credential: id })),
};

export const ROWS: readonly string[] = Object.keys(EACH);

/** A row for each thing of that kind in the contracts, by tenant and environment. */
export function rowsOf(contracts: readonly TenantContract[], kind: string): readonly ContractRow[] {
  const each = EACH[kind];
  if (!each) throw new TypeError(`there are no ${kind} in a contract`);
  return contracts
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap(({ id: tenant, account, environments }) =>
      Object.entries(environments).flatMap(([environment, agreed]) =>
        each(agreed).map((row) => ({ tenant, environment, account, region: agreed.region, ...row })),
      ),
    );
}
