import { planEmptying } from '../distribution/plan-probes.ts';
import { found } from '../distribution/sight.ts';
import type { AccessKeyMove, Sight } from './sight.ts';

/** The old key is gone, or there was none: nothing of it is left at the consumers, and the generation is closed. */
export function planTidying(sight: Sight): AccessKeyMove {
  const { created, opened, unended, deleted } = sight.progress;
  if (!created) throw new TypeError('the new key is there by then');
  const begun = unended.get('delete');
  if (begun) return found(begun);
  const deviations = opened.old !== null && !deleted ? ['the old key was deleted by somebody else'] : [];
  return planEmptying(sight) ?? { kind: 'note', note: { kind: 'closed', key: created.key, deviations } };
}
