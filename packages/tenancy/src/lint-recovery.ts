import { partitionOf } from '@tenant-delivery/domain';
import type { EnvironmentContract, TenantContract } from './contract.ts';
import { unless } from './problems.ts';

/** What would leave an environment without what its recovery needs. */
export function lintRecovery(
  { partition, environments }: TenantContract,
  name: string,
  { region, registry, recovery }: EnvironmentContract,
): readonly string[] {
  if (recovery === undefined) return [];
  const to = recovery.region;
  const recovering = Object.entries(environments).filter(([, { dr }]) => dr?.recovers === name);
  return [
    ...unless(to !== region, `region: ${to} is the region of the environment itself`),
    ...unless(partitionOf(to) === partition, `region: ${to} is in the partition ${partitionOf(to)}`),
    ...unless(
      registry?.replicatedTo?.includes(to) === true,
      `region: images do not reach ${to}; name it in registry.replicatedTo too`,
    ),
    ...recovering
      .filter(([, other]) => other.region !== to)
      .map(
        ([other, { region: its }]) => `region: ${other} recovers this environment in ${its}, not in ${to}`,
      ),
  ].map((problem) => `recovery.${problem}`);
}
