import { planDistribution } from '@tenant-delivery/rotation/distribution/plan-distribution';
import type { Journal } from '@tenant-delivery/rotation/journal';
import type { Plan } from '@tenant-delivery/rotation/plan';
import { besideClaim } from '@tenant-delivery/rotation/steps-taken';
import type { GithubDeployKeyFact, Note, Step } from './facts.ts';
import type { Snapshot } from './observe.ts';
import { planCreation } from './plan-creation.ts';
import { planOpening } from './plan-opening.ts';
import { planRetirement } from './plan-retirement.ts';
import type { GithubDeployKeyPolicy } from './policy.ts';
import { type Progress, progressOf } from './progress.ts';
import { hold } from './reasons.ts';
import { roadAhead } from './road.ts';
import { endsOf, type GithubDeployKeyMove, type Sight } from './sight.ts';

/** What comes next for a deploy key, and the stations after it. Pure: the same facts give the same answer. */
export function planGithubDeployKey(
  seen: Snapshot,
  journal: Journal<GithubDeployKeyFact>,
  policy: GithubDeployKeyPolicy,
  now: number,
  process: string,
): Plan<Step, Note> {
  const progress = progressOf(journal);
  const open = progress !== undefined && progress.closed === undefined ? progress : undefined;
  const { credential, generation } = journal;
  const next = open
    ? planOpen({ credential, generation, seen, progress: open, policy, now }, process)
    : planOpening(credential, seen, policy, now);
  return { next, road: roadAhead(seen, open, policy, now) };
}

type Looking = Omit<Sight, 'seen'> & { readonly seen: Snapshot; readonly progress: Progress };

function planOpen(looking: Looking, process: string): GithubDeployKeyMove {
  const { seen, progress, policy } = looking;
  const { keys } = seen;
  const waiting = besideClaim(progress, process, looking.now);
  if (waiting) return waiting;
  const { repository, old } = progress.opened;
  // steps name keys by fingerprint, and would know none of another repository's keys
  if (seen.repository !== repository)
    return hold(
      'ROTATION_INTERFERED',
      `This rotation was opened for ${repository}, and the credential is of ${seen.repository} now.`,
    );
  if (keys === 'absent')
    return hold('ROTATION_REPOSITORY', `GitHub shows the App no repository ${repository} any more.`);
  if (policy.wish === 'compromise' && !progress.compromised && old !== null)
    return { kind: 'note', note: { kind: 'compromised', key: old } };
  const sight: Sight = { ...looking, seen: { ...seen, keys } };
  return planCreation(sight) ?? planDistribution(sight, endsOf(sight)) ?? planRetirement(sight);
}
