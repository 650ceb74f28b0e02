import { PENDING } from '@tenant-delivery/rotation/escrow';
import { unneededLabel } from './plan-labels.ts';
import { act, broughtIn, note, type SecretsManagerMove, type Sight } from './sight.ts';
import { labelled } from './snapshot.ts';

/**
 * Nothing has the old value any more. Labels that are no longer needed are removed, and the round or the generation
 * ends.
 */
export function planTidying(sight: Sight): SecretsManagerMove {
  const { progress, secret, seen } = sight;
  const { version } = broughtIn(sight);
  if (labelled(secret, PENDING)?.id === version && !progress.settled.has(version))
    return act(sight, { do: 'settle', version });
  const label = unneededLabel(sight);
  if (label) return label;
  if (progress.ahead.length > 0) return note({ kind: 'turned', version });
  const deviations = seen.services
    .filter(({ uses }) => uses.loose || uses.fixed)
    .map(
      ({ id }) =>
        `${id} names no version: its tasks were made after the new one became current, nothing else shows it`,
    );
  return note({ kind: 'closed', version, deviations });
}
