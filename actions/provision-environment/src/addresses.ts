import type { StackReader } from '@tenant-delivery/provisioning/ports';
import { logicalId } from '@tenant-delivery/provisioning/stacks/template';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import { stackNames } from './wanted-stacks.ts';

/** The addresses with which the environment's traffic leaves, by zone: what the customer's firewall lets in. */
export async function addressesOf(
  world: { stacks(region: string): Pick<StackReader, 'describe'> },
  admission: StacksAdmission,
): Promise<Readonly<Record<string, string>>> {
  const { network } = stackNames(admission);
  const { region } = admission.target;
  const outputs = (await world.stacks(region).describe(network))?.outputs ?? {};
  return Object.fromEntries(
    admission.environment.zones.flatMap((zone) => {
      const address = outputs[logicalId('address', zone)];
      return address === undefined ? [] : [[zone, address] as const];
    }),
  );
}
