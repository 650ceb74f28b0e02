import type { Baked } from './bake.ts';
import type { REASON_OF } from './failures.ts';
import type { Seen } from './watch.ts';

/** What was watched, and what of it ended the watching: bad news of the targets, or the bake. */
export interface Watched {
  readonly seen: Seen;
  readonly baked: Baked | undefined;
  readonly by: 'targets' | 'bake';
}

/** How a verification ended. */
export interface Ending {
  readonly how: keyof typeof REASON_OF;
  /** `undefined` where nobody may say: the bake goes on, or the run was cancelled. */
  readonly verdict: 'healthy' | 'unhealthy' | 'inconclusive' | undefined;
  /** One sentence without its point. */
  readonly why: string;
}

export function endingOf({ seen, baked, by }: Watched): Ending {
  if (baked && by === 'bake') return endingOfBake(seen, baked);
  const { end, why } = seen;
  switch (end) {
    case 'verified':
      return { how: end, verdict: 'healthy', why };
    case 'unverifiable':
      return { how: end, verdict: 'inconclusive', why };
    case 'cancelled':
      return { how: end, verdict: undefined, why };
    default:
      return { how: end, verdict: 'unhealthy', why };
  }
}

function endingOfBake(seen: Seen, { judgement, terms }: Baked): Ending {
  const why = judgement.why.join('; ');
  switch (judgement.verdict) {
    case 'healthy':
      return {
        how: 'verified',
        verdict: 'healthy',
        why: `${seen.why}, and well for ${terms.minutes} ${terms.minutes === 1 ? 'minute' : 'minutes'}`,
      };
    case 'unhealthy':
      return { how: 'baked-badly', verdict: 'unhealthy', why };
    case 'inconclusive':
      return { how: 'baked-unproven', verdict: 'inconclusive', why };
    case 'going':
      return { how: 'baking', verdict: undefined, why: why || seen.why };
  }
}
