import type { Verdict } from '../check.ts';
import type { Seen, Subnet } from '../observed.ts';
import { combined, fail, pass, seen } from '../verdict.ts';

export interface ObservedPlacement {
  readonly agreed: {
    readonly tenant: string;
    readonly environment: string;
    readonly vpc: string;
    readonly zones: readonly string[];
    readonly subnets: readonly string[];
    readonly securityGroups: readonly string[];
  };
  /** Where the service will place its tasks. */
  readonly subnetIds: readonly string[];
  readonly securityGroups: readonly string[];
  readonly publicAddress: boolean;
  /** Tags of the service; `undefined` when ECS was not asked for them. */
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly subnets: Seen<readonly Subnet[]>;
}

const MEND = 'Find out who changed the service. The provider corrects the service, or the contract.';

export function judgePlacement(observed: ObservedPlacement): Verdict {
  const { agreed, subnetIds, securityGroups, publicAddress, tags = {}, subnets } = observed;
  const foreign = subnetIds.filter((id) => !agreed.subnets.includes(id));
  const open = securityGroups.filter((id) => !agreed.securityGroups.includes(id));
  const differing = (['tenant', 'environment'] as const).filter(
    (name) => tags[name] !== undefined && tags[name] !== agreed[name],
  );
  const stated = [
    ...(subnetIds.length === 0 ? ['it names no subnet'] : []),
    ...(foreign.length > 0 ? [`it places tasks in ${foreign.join(', ')}`] : []),
    ...(open.length > 0 ? [`its tasks have the security groups ${open.join(', ')}`] : []),
    ...(publicAddress ? ['its tasks get public addresses'] : []),
    ...differing.map((name) => `it is tagged ${name}=${tags[name]}`),
  ].map((what) => fail(what, MEND));
  const looked = seen(subnets, (found) =>
    combined(
      found.map(({ id, vpc, zoneId }) =>
        vpc === agreed.vpc && agreed.zones.includes(zoneId)
          ? pass(`${id} in ${zoneId}`)
          : fail(`${id} is in ${vpc}, ${zoneId}`, MEND),
      ),
      'no subnets',
    ),
  );
  return combined([...stated, looked], '');
}
