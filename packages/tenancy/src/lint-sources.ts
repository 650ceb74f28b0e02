import { judged } from '@tenant-delivery/action-kit/readable';
import { partitionOf } from '@tenant-delivery/domain';
import type { EnvironmentContract, TenantContract } from './contract.ts';
import { lintRegion } from './lint-zones.ts';
import { repeated, unless } from './problems.ts';

/** Where versions come from: another environment of this contract, and for recovery another region. */
export function lintSources(
  { environments }: TenantContract,
  name: string,
  { promotion, dr, region }: EnvironmentContract,
): readonly string[] {
  const another = (path: string, from: string | undefined) =>
    from === undefined
      ? []
      : unless(
          from !== name && Object.hasOwn(environments, from),
          `${path}: ${from} is no other environment of this contract`,
        );
  return judged(
    () => another('promotion.from', promotion?.from),
    () => another('dr.recovers', dr?.recovers),
    () => lintRecovered(environments, name, { dr, region }),
  );
}

function lintRecovered(
  environments: TenantContract['environments'],
  name: string,
  { dr, region }: Pick<EnvironmentContract, 'dr' | 'region'>,
): readonly string[] {
  const recovered = dr && environments[dr.recovers];
  const copied = recovered?.registry?.replicatedTo ?? [];
  return [
    ...unless(
      recovered?.region !== region || dr?.recovers === name,
      `dr.recovers: ${dr?.recovers} is in ${region} too, and a failure of the region would take both`,
    ),
    ...unless(
      recovered === undefined || recovered.region === region || copied.includes(region),
      `dr.recovers: environments.${dr?.recovers}.registry.replicatedTo does not name ${region}, so its images need not be here when it fails`,
    ),
  ];
}

/** What is asked of ECR beyond what an image needs. */
export function lintRegistry(
  { partition }: TenantContract,
  { region, registry: { encryption, createIfMissing, replicatedTo = [] } = {} }: EnvironmentContract,
): readonly string[] {
  const key = encryption && 'key' in encryption ? encryption.key : undefined;
  return [
    ...repeated(replicatedTo).map((twice) => `registry.replicatedTo: ${twice} is there twice`),
    ...replicatedTo.flatMap((to) =>
      lintRegion({ region: to }).map((problem) => problem.replace('region', 'registry.replicatedTo')),
    ),
    ...replicatedTo
      .filter((to) => to === region)
      .map((to) => `registry.replicatedTo: ${to} is the region of the environment itself`),
    ...replicatedTo
      .filter((to) => partitionOf(to) !== partition)
      .map((to) => `registry.replicatedTo: ${to} is in the partition ${partitionOf(to)}`),
    ...unless(
      createIfMissing !== true || encryption !== undefined,
      'registry.createIfMissing: a repository is only made with what the contract says, so registry.encryption must say how',
    ),
    ...unless(
      key === undefined || key.split(':')[3] === region,
      `registry.encryption.key: must be a key of ${region}`,
    ),
  ];
}
