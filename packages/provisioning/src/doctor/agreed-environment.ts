import type { TrustFile } from '@tenant-delivery/evidence/trust';
import type { EnvironmentContract, TenantContract } from '@tenant-delivery/tenancy/contract';
import { type RenderedEnvironment, renderEnvironment } from '../environment.ts';
import { environmentOf } from '../values.ts';

/** One environment of one tenant, with what its contract says should be there. */
export interface AgreedEnvironment {
  readonly contract: TenantContract;
  readonly name: string;
  readonly environment: EnvironmentContract;
  readonly rendered: RenderedEnvironment;
  /** Whether somebody said who publishes contracts; else the vault's own policy says it. */
  readonly publishersGiven: boolean;
  /** The provider's repository, `owner/name`. */
  readonly provider: string;
  readonly trust: TrustFile;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Belief {
  /** The provider's repository, `owner/name`, whose workflows the roles trust. */
  readonly provider: string;
  /** ARN patterns of who publishes contracts; those of the contract where there are none. */
  readonly publishers: readonly string[];
  readonly trust: TrustFile;
  readonly at: number;
}

/** What a contract promises of one environment. */
export function agreedEnvironment(contract: TenantContract, name: string, belief: Belief): AgreedEnvironment {
  const { provider, trust, at } = belief;
  const publishers = belief.publishers.length > 0 ? belief.publishers : (contract.publishers ?? []);
  const somebody = `arn:${contract.partition}:iam::${contract.account}:role/publisher`;
  return {
    contract,
    name,
    environment: environmentOf(contract, name),
    rendered: renderEnvironment(contract, name, {
      provider,
      releases: contract.releases ?? [],
      publishers: publishers.length > 0 ? publishers : [somebody],
    }),
    publishersGiven: publishers.length > 0,
    provider,
    trust,
    at,
  };
}
