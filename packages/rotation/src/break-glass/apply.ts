import { endingOf } from '../ending.ts';
import type { Ending } from '../journal-entry.ts';
import type { Step } from './facts.ts';
import type { GrantedRole } from './ports.ts';

/** One call of IAM. */
export async function applyBreakGlassStep(role: GrantedRole, step: Step): Promise<Ending> {
  const { document } = step;
  return endingOf(step.do === 'guard' ? await role.putGuard(document) : await role.putTrust(document));
}
