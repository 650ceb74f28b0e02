import { stateOf } from '@tenant-delivery/provisioning/plan/judge-state';
import { recoversIn } from '@tenant-delivery/provisioning/plan/recovers';
import type { StackPlanner } from '@tenant-delivery/provisioning/ports';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import type { PlanWorld } from '../ports.ts';

const FOUNDATION = /-foundation$/;

/**
 * Environments that recover this one, a sentence each. A published contract holds one environment alone, so each foundation
 * of the account says in its template which environment it recovers. Looked for in this region and where images go.
 */
export async function recoveredElsewhere(
  world: PlanWorld,
  { contract, environment, target }: StacksAdmission,
): Promise<readonly string[]> {
  const regions = [...new Set([target.region, ...(environment.registry?.replicatedTo ?? [])])];
  const found = await Promise.all(
    regions.map(async (region) => {
      const stacks = world.stacks(region);
      const names = (await stacks.names(`td-${contract.id}-`)).filter((name) => FOUNDATION.test(name));
      const bodies = await Promise.all(
        names.map(async (name) => [name, await recoveredBy(stacks, name)] as const),
      );
      return bodies
        .filter(([, recovers]) => recovers === target.environment)
        .map(([name]) => ({ name, region }));
    }),
  );
  return found
    .flat()
    .map(
      ({ name, region }) =>
        `the environment of ${name} in ${region} recovers ${target.environment}: withdraw it, or agree on another \`dr.recovers\`, first`,
    );
}

/** A stack that is planned and not made yet recovers nothing. */
async function recoveredBy(stacks: StackPlanner, name: string): Promise<string | undefined> {
  if (stateOf(await stacks.describe(name)).kind === 'new') return undefined;
  return recoversIn((await stacks.template(name)) ?? '{}');
}
