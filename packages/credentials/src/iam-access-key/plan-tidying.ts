import { planEmptying } from '@tenant-delivery/rotation/distribution/plan-probes';
import { consumerProgress } from '@tenant-delivery/rotation/distribution/progress';
import { consumersOf } from '@tenant-delivery/rotation/distribution/sight';
import type { ObservedConsumer } from '@tenant-delivery/rotation/distribution/snapshot';
import { found } from '@tenant-delivery/rotation/steps-taken';
import { iso } from '@tenant-delivery/rotation/times';
import type { IamAccessKeyMove, Sight } from './sight.ts';

/** The old key is gone, or there was none. Removes what consumers still have of it, and closes the generation. */
export function planTidying(sight: Sight): IamAccessKeyMove {
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

/**
 * The two halves of a pair are written one after the other over the pair in use, so a reader in between may have got
 * halves of two keys.
 */
function torn({ progress }: Sight, { id, switching }: ObservedConsumer): readonly string[] {
  const { stagedFrom, stagedUntil } = consumerProgress(progress, id);
  if (switching !== 'in-place' || stagedFrom === undefined || stagedUntil === undefined) return [];
  return [
    `${id}: what began from ${iso(stagedFrom)} to ${iso(stagedUntil)} may have read halves of two keys, and is to be run again`,
  ];
}
