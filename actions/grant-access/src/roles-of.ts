import type { Role } from '@tenant-delivery/domain';
import type { GrantInputs } from './inputs.ts';

/** Grants are listed by the role that only reads, and changed by one that changes nothing else. */
export function rolesOf(mode: GrantInputs['mode']): readonly Role[] {
  return mode === 'list-grants' ? ['read'] : ['access', 'journal'];
}
