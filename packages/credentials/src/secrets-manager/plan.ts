import type { Journal } from '@tenant-delivery/rotation/journal';
import type { Plan } from '@tenant-delivery/rotation/plan';
import { besideClaim, wait } from '@tenant-delivery/rotation/steps-taken';
import type { Note, SecretsManagerFact, Step } from './facts.ts';
import { planLabels } from './plan-labels.ts';
import { planOpening } from './plan-opening.ts';
import { bring } from './plan-services.ts';
import { drain } from './plan-tasks.ts';
import { planTidying } from './plan-tidying.ts';
import { planValue } from './plan-value.ts';
import { LOOK_AGAIN, type SecretsManagerPolicy } from './policy.ts';
import { progressOf, roundOf } from './progress.ts';
import { hold } from './reasons.ts';
import { roadAhead } from './road.ts';
import { act, broughtIn, currentIn, note, type SecretsManagerMove, type Sight } from './sight.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * What comes next for a secret that tasks are given, and the stations after it. Pure: the same facts give the same
 * answer.
 */
export function planSecretsManager(
  seen: Snapshot,
  journal: Journal<SecretsManagerFact>,
  policy: SecretsManagerPolicy,
  now: number,
  process: string,
): Plan<Step, Note> {
  const progress = progressOf(journal);
  const road = roadAhead(seen, progress, policy, now);
  if (!progress || progress.closed) return { next: planOpening(seen, progress, policy, now), road };
  const { secret } = seen;
  if (secret.kind === 'absent') return { next: hold('ROTATION_SECRET', 'The secret is gone.'), road };
  if (secret.kind === 'unusable') return { next: hold('ROTATION_SECRET', `The secret ${secret.why}.`), road };
  const { credential, generation } = journal;
  const current = currentIn(secret);
  const sight = { credential, generation, seen, secret, current, progress, policy, now, process };
  return { next: planOpen(sight), road };
}

function planOpen(sight: Sight): SecretsManagerMove {
  const { progress, policy, process, now, current } = sight;
  const waiting = besideClaim(progress, process, now);
  if (waiting) return waiting;
  if (current === '') return hold('ROTATION_SECRET', 'The secret has no current version.');
  if (policy.wish === 'compromise' && !progress.compromised)
    return note({ kind: 'compromised', version: current });
  return planLabels(sight) ?? planValue(sight) ?? planUse(sight) ?? planTidying(sight);
}

/** The version is current: every service gets it and shows it, its copies have it, and nothing has another. */
function planUse(sight: Sight): SecretsManagerMove | undefined {
  const brought = broughtIn(sight);
  const brings = bring(sight, brought, sight.seen.services);
  if (brings) return brings.kind === 'hold' ? withdrawn(sight, brings) : brings;
  const round = roundOf(sight.progress);
  return (
    copies(sight) ??
    drain(sight, brought) ??
    (round.drained ? undefined : note({ kind: 'drained', version: brought.version }))
  );
}

/** Tasks cannot use the owner's value. New tasks get the previous one again, and a person has to look. */
function withdrawn(sight: Sight, why: Extract<SecretsManagerMove, { kind: 'hold' }>): SecretsManagerMove {
  const { progress, seen } = sight;
  const { kind, version = '' } = roundOf(progress);
  const asking = seen.services.some(({ uses }) => uses.fixed || uses.loose);
  const failed = why.reason.code === 'ROTATION_DEPLOY_FAILED' || why.reason.code === 'ROTATION_NOT_PROVEN';
  if (kind !== 'provided' || !asking || !failed) return why;
  return act(sight, { do: 'demote', version: progress.opened.current, from: version });
}

function copies({ secret, now }: Sight): SecretsManagerMove | undefined {
  const behind = secret.replicas.filter(({ status }) => status !== 'InSync');
  const [failed] = behind.filter(({ status }) => status === 'Failed');
  if (failed)
    return hold('ROTATION_REPLICA', `The copy of the secret in ${failed.region} does not get the new value.`);
  return behind.length > 0
    ? wait(
        now + LOOK_AGAIN,
        `copies in ${behind.map(({ region }) => region).join(', ')} have not yet the new value`,
      )
    : undefined;
}
