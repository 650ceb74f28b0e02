import { planEmptying } from '../distribution/plan-probes.ts';
import { consumerProgress } from '../distribution/progress.ts';
import { consumersOf } from '../distribution/sight.ts';
import type { ObservedConsumer } from '../distribution/snapshot.ts';
import { found } from '../steps-taken.ts';
import { iso } from '../times.ts';
import type { AccessKeyMove, Sight } from './sight.ts';

/** The old key is gone, or there was none: nothing of it is left at the consumers, and the generation is closed. */
export function planTidying(sight: Sight): AccessKeyMove {
  const { created, opened, unended, deleted } = sight.progress;
  if (!created) throw new TypeError('the new key is there by then');
  const begun = unended.get('delete');
  if (begun) return found(begun);
  const deviations = [
    ...(opened.old !== null && !deleted ? ['the old key was deleted by somebody else'] : []),
    ...consumersOf(sight).flatMap((consumer) => torn(sight, consumer)),
  ];
  return planEmptying(sight) ?? { kind: 'note', note: { kind: 'closed', key: created.key, deviations } };
}

/** A pair is written half by half over the one in use: whoever read it in between may have got halves of two keys. */
function torn({ progress }: Sight, { id, switching }: ObservedConsumer): readonly string[] {
  const { stagedFrom, stagedUntil } = consumerProgress(progress, id);
  if (switching !== 'in-place' || stagedFrom === undefined || stagedUntil === undefined) return [];
  return [
    `${id}: what began from ${iso(stagedFrom)} to ${iso(stagedUntil)} may have read halves of two keys, and is to be run again`,
  ];
}
