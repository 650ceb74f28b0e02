import { endingOf } from '@tenant-delivery/rotation/ending';
import type { Ending } from '@tenant-delivery/rotation/journal-entry';
import type { Step } from './facts.ts';
import type { BreakGlassRole } from './ports.ts';

/** One call of IAM. */
export async function applyBreakGlassStep(role: BreakGlassRole, step: Step): Promise<Ending> {
  const { document } = step;
  return endingOf(step.do === 'guard' ? await role.putGuard(document) : await role.putTrust(document));
}
