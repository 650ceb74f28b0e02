import { integer, oneOf } from '@tenant-delivery/action-kit/readers';
import { changeInputs } from '@tenant-delivery/delivery/inputs';
import type { Role } from '@tenant-delivery/domain';

const mode = oneOf('plan', 'deploy');

export const inputs = { ...changeInputs, mode, 'timeout-minutes': integer(1, 120) };

/** The first role is the one that asks ECS; planning has a role that cannot change anything there. */
export const ROLES_OF = {
  plan: ['gate', 'evidence'],
  deploy: ['deploy', 'evidence'],
} as const satisfies Record<'plan' | 'deploy', readonly Role[]>;
