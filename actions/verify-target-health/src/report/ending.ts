import type { BakeResult } from '../bake/bake.ts';
import type { REASON_OF } from '../failures.ts';
import type { ProbeResult } from '../probe/probe.ts';
import type { TargetsEnding } from '../watch/watch.ts';

/** What was watched, and what of it ended the watching: bad news of the targets, the probe, or the bake. */
export interface WatchResult {
  readonly seen: TargetsEnding;
  readonly baked: BakeResult | undefined;
  /** `undefined` where none was asked for, or the targets were never well. */
  readonly probed: ProbeResult | undefined;
  readonly by: 'targets' | 'probe' | 'bake';
}

/** How a verification ended. */
export interface Ending {
  readonly how: keyof typeof REASON_OF;
  /** `undefined` where nobody may say: the bake goes on, or the run was cancelled. */
  readonly verdict: 'healthy' | 'unhealthy' | 'inconclusive' | undefined;
  /** One sentence without its point. */
  readonly why: string;
}

export function endingOf({ seen, baked, probed, by }: WatchResult): Ending {
  if (baked && by === 'bake') return endingOfBake(seen, baked, probed);
  if (probed && by === 'probe') return endingOfProbe(probed);
  const { end, why } = seen;
  switch (end) {
    case 'verified':
      return { how: end, verdict: 'healthy', why: `${why}${saidBy(probed)}` };
    case 'unverifiable':
    case 'at-rest':
      return { how: end, verdict: 'inconclusive', why };
    case 'cancelled':
      return { how: end, verdict: undefined, why };
    default:
      return { how: end, verdict: 'unhealthy', why };
  }
}

function endingOfProbe({ verdict, why }: ProbeResult): Ending {
  switch (verdict) {
    case 'unhealthy':
      return { how: 'probed-badly', verdict, why: `through the balancer ${why}` };
    case 'cancelled':
      return { how: 'cancelled', verdict: undefined, why: `${why} while the balancer was probed` };
    default:
      return {
        how: 'probed-unproven',
        verdict: 'inconclusive',
        why: `the balancer could not be probed from inside: ${why}`,
      };
  }
}

function saidBy(probed: ProbeResult | undefined): string {
  return probed ? `, and through the balancer ${probed.why}` : '';
}

function endingOfBake(
  seen: TargetsEnding,
  { judgement, terms }: BakeResult,
  probed: ProbeResult | undefined,
): Ending {
  const why = judgement.why.join('; ');
  switch (judgement.verdict) {
    case 'healthy':
      return {
        how: 'verified',
        verdict: 'healthy',
        why: `${seen.why}, and well for ${terms.minutes} ${terms.minutes === 1 ? 'minute' : 'minutes'}${saidBy(probed)}`,
      };
    case 'unhealthy':
      return { how: 'baked-badly', verdict: 'unhealthy', why };
    case 'inconclusive':
      return { how: 'baked-unproven', verdict: 'inconclusive', why };
    case 'going':
      return { how: 'baking', verdict: undefined, why: why || seen.why };
  }
}
