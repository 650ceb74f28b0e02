import { consumerProgress } from './progress.ts';
import { type AccessKeyMove, act, consumersOf, found, type Sight } from './sight.ts';

/** The old key is gone, or there was none: nothing of it is left at the consumers, and the generation is closed. */
export function planTidying(sight: Sight): AccessKeyMove {
  const { seen, progress } = sight;
  const { created, opened } = progress;
  if (!created || seen.escrow.kind !== 'usable') throw new TypeError('escrow was looked at before');
  const begun = progress.unended.get('delete');
  if (begun) return found(begun);
  for (const { id, switching, current, written } of consumersOf(sight)) {
    if (switching !== 'staged') continue;
    const mine = consumerProgress(progress, id).staged?.place;
    const left = Object.keys(written).find((place) => place !== mine && place !== current);
    if (left !== undefined && !progress.blanked.has(`${id} ${left}`))
      return act(sight, { do: 'blank', consumer: id, place: left });
  }
  if (seen.escrow.pending === created.version && !progress.settled)
    return act(sight, { do: 'settle', version: created.version });
  const deviations =
    opened.old !== null && !progress.deleted ? ['the old key was deleted by somebody else'] : [];
  return { kind: 'note', note: { kind: 'closed', key: created.key, deviations } };
}
