import { isRange, overlap, pairs } from './address-ranges.ts';
import type { TenantContract } from './contract.ts';

/** Two environments with links may not have the same addresses: the customer's gateway could not tell them apart. */
export function lintPremises({ environments }: Pick<TenantContract, 'environments'>): readonly string[] {
  const linked = Object.entries(environments).flatMap(([name, { vpc, network }]) =>
    network?.links && isRange(vpc.cidr) ? [{ name, cidr: vpc.cidr }] : [],
  );
  return pairs(linked)
    .filter(([a, b]) => overlap(a.cidr, b.cidr))
    .map(
      ([a, b]) =>
        `environments.${b.name}.vpc.cidr: ${b.cidr} overlaps ${a.cidr} of ${a.name}; both have links to the customer, who could route to one of them alone, so give one another range`,
    );
}
