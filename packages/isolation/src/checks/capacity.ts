import type { ScalableRange } from '@tenant-delivery/deployment/observed';
import type { Verdict } from '../check.ts';
import type { Seen } from '../observed.ts';
import { combined, fail, pass, seen } from '../verdict.ts';

export interface ObservedCapacity {
  readonly agreed: { readonly base: number; readonly maximum: number };
  readonly desired: number;
  /** `undefined` when nothing scales the service. */
  readonly range: Seen<ScalableRange | undefined>;
}

export function judgeCapacity({ agreed, desired, range }: ObservedCapacity): Verdict {
  const { base, maximum } = agreed;
  const count = `the desired count is ${desired}`;
  const within = (least: number, most: number) => least >= base && most <= maximum;
  const desiredCount = within(desired, desired)
    ? pass(count)
    : fail(
        count,
        'A delivery leaves counts as they are: the provider sets the desired count back into the agreed range.',
      );
  const scaled = seen(range, (found) => {
    if (!found) return pass('nothing scales the service');
    const said = `auto scaling may run ${found.minimum} to ${found.maximum} tasks`;
    return within(found.minimum, found.maximum)
      ? pass(said)
      : fail(said, 'The provider sets the scalable range to what was agreed, or agrees on another one.');
  });
  return combined([desiredCount, scaled], '');
}
