import { planDistribution } from '@tenant-delivery/rotation/distribution/plan-distribution';
import type { Journal } from '@tenant-delivery/rotation/journal';
import type { Plan } from '@tenant-delivery/rotation/plan';
import { besideClaim } from '@tenant-delivery/rotation/steps-taken';
import type { IamAccessKeyFact, Note, Step } from './facts.ts';
import { planCreation } from './plan-creation.ts';
import { planOpening } from './plan-opening.ts';
import { planRetirement } from './plan-retirement.ts';
import type { IamAccessKeyPolicy } from './policy.ts';
import { progressOf } from './progress.ts';
import { hold } from './reasons.ts';
import { roadAhead } from './road.ts';
import { endsOf, type IamAccessKeyMove, type Sight } from './sight.ts';
import type { Snapshot } from './snapshot.ts';

/** What comes next for an access key, and the stations after it. Pure: the same facts give the same answer. */
export function planIamAccessKey(
  seen: Snapshot,
  journal: Journal<IamAccessKeyFact>,
  policy: IamAccessKeyPolicy,
  now: number,
  process: string,
): Plan<Step, Note> {
  const progress = progressOf(journal);
  const open = progress !== undefined && progress.closed === undefined;
  const { credential, generation } = journal;
  const next = open
    ? planOpen({ credential, generation, seen, progress, policy, now }, process)
    : planOpening(seen, policy, now);
  return { next, road: roadAhead(seen, open ? progress : undefined, policy, now) };
}

function planOpen(sight: Sight, process: string): IamAccessKeyMove {
  const waiting = besideClaim(sight.progress, process, sight.now);
  if (waiting) return waiting;
  const { old, user } = sight.progress.opened;
  // steps name keys by fingerprint, and would know none of another user's keys
  if (sight.seen.user?.arn !== user)
    return hold(
      'ROTATION_INTERFERED',
      `This rotation was opened for ${user}, and the credential is of another user now.`,
      [`the user is ${sight.seen.user?.arn ?? 'not there'}`],
    );
  if (sight.policy.wish === 'compromise' && !sight.progress.compromised && old !== null)
    return { kind: 'note', note: { kind: 'compromised', key: old } };
  return planCreation(sight) ?? planDistribution(sight, endsOf(sight)) ?? planRetirement(sight);
}
