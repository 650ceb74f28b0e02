import type { Target } from '@tenant-delivery/domain';

/** The target alone of an action's inputs, so that nothing else that was given (a token) travels with it. */
export function targetOf({ tenant, environment, account, region, service }: Target): Target {
  return { tenant, environment, account, region, service };
}
