import { canonicalJson } from '@tenant-delivery/domain';
import type { PlannedStack } from '@tenant-delivery/provisioning/plan/plan';
import { readTemplate } from '@tenant-delivery/provisioning/plan/read-template';
import { digestOf, getBytes } from '@tenant-delivery/vault/objects';
import type { Applying } from '../apply/applying.ts';
import type { VerifyWorld } from '../ports.ts';
import type { Finding } from './findings.ts';

/** Whether each stack has the template that was approved. Drift is measured against the template that the stack has now. */
export async function templateFindings(
  world: Pick<VerifyWorld, 'stacks' | 'vault'>,
  { plan }: Pick<Applying, 'plan'>,
): Promise<readonly Finding[]> {
  return Promise.all(
    plan.stacks.map(async (planned): Promise<Finding> => {
      const check = `template of ${planned.name}`;
      const live = await world.stacks(planned.region).template(planned.name);
      if (live !== undefined && (await isApproved(world, planned, live)))
        return { check, result: 'pass', observed: 'it is the one that was approved', remedy: '' };
      const observed = 'it is not the one that was approved';
      return { check, result: 'fail', observed, remedy: 'Find out who changed it, and plan again.' };
    }),
  );
}

/**
 * A change set brings the bytes that were approved. Without one the stack keeps the bytes that it had, which the plan names. Plans
 * of earlier releases do not: then its resources are compared.
 */
async function isApproved(
  { vault }: Pick<VerifyWorld, 'vault'>,
  { template, keeps, changeSet }: PlannedStack,
  live: string,
): Promise<boolean> {
  if ([template, keeps].includes(digestOf(live))) return true;
  if (changeSet !== null || template === null) return false;
  const bytes = await getBytes(vault, template);
  if (!(bytes instanceof Uint8Array)) return false;
  const [was, now] = [Buffer.from(bytes).toString(), live].map((body) => readTemplate(body)?.Resources);
  return was !== undefined && now !== undefined && canonicalJson(was) === canonicalJson(now);
}
