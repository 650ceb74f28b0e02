import { drifted, sayDrift } from '@tenant-delivery/provisioning/plan/drifted';
import type { Applying, StackResult } from '../apply/applying.ts';
import { detectDrift, whyIncomplete } from '../observe/detect-drift.ts';
import type { VerifyWorld } from '../ports.ts';
import type { Finding } from './findings.ts';

/** Whether anything in the stacks differs from what was approved, although they were just made. */
export async function driftFindings(
  world: VerifyWorld,
  { deadline }: Pick<Applying, 'deadline'>,
  results: readonly StackResult[],
): Promise<readonly Finding[]> {
  return Promise.all(
    results.map(async ({ name, region }): Promise<Finding> => {
      const found = await detectDrift(world, world.stacks(region), name, deadline);
      const check = `drift of ${name}`;
      const why = typeof found === 'string' ? found : whyIncomplete(name, found);
      if (typeof found === 'string' || why !== undefined)
        return { check, result: 'unknown', observed: why ?? '', remedy: 'Look again later.' };
      const differs = drifted(found);
      if (differs.length === 0) return { check, result: 'pass', observed: 'nothing differs', remedy: '' };
      const certain = differs.some(({ status }) => status !== 'UNKNOWN');
      return {
        check,
        result: certain ? 'fail' : 'unknown',
        observed: differs.map((each) => sayDrift(name, each)).join('; '),
        remedy: 'Find out who changed it, and plan again.',
      };
    }),
  );
}
