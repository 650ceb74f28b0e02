import type { Verdict } from '../check.ts';
import type { PlacedBalancer, Seen } from '../observed.ts';
import { fail, pass, seen } from '../verdict.ts';

export interface ObservedBalancer {
  readonly agreed: { readonly loadBalancer: string; readonly vpc: string };
  readonly balancer: Seen<PlacedBalancer | undefined>;
}

export function judgeBalancer({ agreed, balancer }: ObservedBalancer): Verdict {
  return seen(balancer, (found) => {
    if (!found) {
      return fail(
        `there is no balancer ${agreed.loadBalancer}`,
        'The provider creates the balancer that the contract names.',
      );
    }
    const { name, scheme, vpc, state } = found;
    if (scheme !== 'internal') {
      return fail(`${name} is ${scheme}`, 'Put the service behind a balancer of the scheme internal.');
    }
    if (vpc !== agreed.vpc) {
      return fail(`${name} is in ${vpc ?? 'no VPC'}`, `Use a balancer in the agreed VPC ${agreed.vpc}.`);
    }
    return state === 'failed' || state === 'provisioning'
      ? fail(`${name} is ${state}`, 'Wait until the balancer is active, or have the provider fix it.')
      : pass(`${name} is internal, in ${vpc}`);
  });
}
