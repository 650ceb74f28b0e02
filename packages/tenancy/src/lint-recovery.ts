import { judged } from '@tenant-delivery/action-kit/readable';
import { partitionOf } from '@tenant-delivery/domain';
import type { EnvironmentContract, TenantContract } from './contract.ts';
import { lintSchedule } from './lint-schedule.ts';
import { lintRegion } from './lint-zones.ts';
import { unless } from './problems.ts';

/** What would leave an environment without what its recovery needs. */
export function lintRecovery(
  contract: TenantContract,
  name: string,
  environment: EnvironmentContract,
): readonly string[] {
  const { recovery } = environment;
  if (recovery === undefined) return [];
  return judged(
    () => lintSchedule(recovery.backup.schedule).map((problem) => `recovery.backup.schedule: ${problem}`),
    () => lintRegion({ region: recovery.region }).map((problem) => `recovery.${problem}`),
    () => lintOtherRegion(contract, name, environment, recovery.region),
  );
}

function lintOtherRegion(
  { partition, environments }: Pick<TenantContract, 'partition' | 'environments'>,
  name: string,
  { region, registry }: EnvironmentContract,
  to: string,
): readonly string[] {
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
