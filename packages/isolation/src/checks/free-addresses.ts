import { strategyNamed } from '@tenant-delivery/deployment/strategies/strategies';
import type { Verdict } from '../check.ts';
import type { Seen, Subnet } from '../observed.ts';
import { combined, fail, pass, seen } from '../verdict.ts';

export interface ObservedAddresses {
  readonly desired: number;
  readonly running: number;
  /** ECS's default is 200. */
  readonly maximumPercent: number;
  /** ECS's word: some strategies start a second fleet beside the first. */
  readonly strategy: string;
  /** Ids of the subnets that tasks are placed in. */
  readonly placedIn: readonly string[];
  readonly subnets: Seen<readonly Subnet[]>;
}

const REMEDY =
  'Free addresses in these subnets, lower maximumPercent so that fewer tasks start next to the old ones, or have the provider add subnets.';

/** Tasks that a deployment starts beside those that run, each with an address of its own. */
export function surgeOf({ strategy, ...fleet }: ObservedAddresses): number {
  return strategyNamed(strategy).addresses(fleet);
}

/** Whether the subnets together have room for the surge. */
export function judgeAddresses(observed: ObservedAddresses): Verdict {
  const surge = surgeOf(observed);
  return seen(observed.subnets, (subnets) => {
    const absent = observed.placedIn.filter((id) => !subnets.some((subnet) => subnet.id === id));
    if (absent.length > 0) {
      return fail(
        `there is no ${absent.join(', ')}`,
        "Correct the service's subnets; the provider owns them.",
      );
    }
    const free = subnets.reduce((sum, subnet) => sum + subnet.free, 0);
    const said = `${free} addresses free for ${surge} more ${surge === 1 ? 'task' : 'tasks'}`;
    return free >= surge ? pass(said) : fail(said, REMEDY);
  });
}

/** Whether each subnet has room for its share: ECS spreads tasks over all of them. */
export function judgeAddressesBySubnet(observed: ObservedAddresses): Verdict {
  const share = Math.ceil(surgeOf(observed) / Math.max(1, observed.placedIn.length));
  return seen(observed.subnets, (subnets) =>
    combined(
      subnets.map(({ id, zoneId, free }) => {
        const said = `${id} (${zoneId}) has ${free} free for ${share}`;
        return free >= share ? pass(said) : fail(said, REMEDY);
      }),
      'no subnets',
    ),
  );
}
