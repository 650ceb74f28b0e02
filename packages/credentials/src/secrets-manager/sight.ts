import { MINUTE } from '@tenant-delivery/domain';
import { closedWindow as windowClosed } from '@tenant-delivery/rotation/change-window';
import type { Move } from '@tenant-delivery/rotation/plan';
import { wait } from '@tenant-delivery/rotation/steps-taken';
import { times } from '@tenant-delivery/rotation/times';
import type { Note, Step } from './facts.ts';
import type { SecretsManagerPolicy } from './policy.ts';
import { type Progress, roundOf, stepKey } from './progress.ts';
import { type Brought, currentOf, type Snapshot, type UsableSecret } from './snapshot.ts';

export type SecretsManagerMove = Move<Step, Note>;

/** What a plan is made from while a generation is open. */
export interface Sight {
  readonly credential: string;
  readonly generation: number;
  readonly seen: Snapshot;
  readonly secret: UsableSecret;
  readonly current: string;
  readonly progress: Progress;
  readonly policy: SecretsManagerPolicy;
  readonly now: number;
  /** This start of the action. */
  readonly process: string;
}

export function act({ progress, now }: Sight, step: Step): SecretsManagerMove {
  const refused = progress.refusals.get(stepKey(step));
  const until = refused ? refused.at + Math.min(2 ** refused.times, 60) * MINUTE : 0;
  if (refused && now < until)
    return wait(until, `${step.do} was refused ${times(refused.times)}; it is tried again later`);
  return { kind: 'act', step };
}

export function note(fact: Note): SecretsManagerMove {
  return { kind: 'note', note: fact };
}

export function isUrgent({ progress }: Sight): boolean {
  return progress.compromised;
}

/** This run was asked to try again what failed, and no earlier run was. */
export function asksAgain({ policy, process }: Sight, tried: string | undefined): boolean {
  return policy.wish === 'forced' && tried !== process;
}

/**
 * What keeps a change back: a freeze, and for a secret of one login also the end of the agreed time. A leak does not
 * wait.
 */
export function closedWindow(sight: Sight): SecretsManagerMove | undefined {
  return windowClosed(sight.policy, sight.now, isUrgent(sight));
}

/** Tasks that start after this time read the version that is current now. */
export function sinceCurrent({
  secret,
  current,
  progress,
}: Pick<Sight, 'secret' | 'current' | 'progress'>): Brought {
  const round = progress.rounds.findLast(
    ({ version, promotedAt }) => version === current && promotedAt !== undefined,
  );
  const { opened } = progress;
  const told = opened.current === current ? Date.parse(opened.since) : undefined;
  return { version: current, since: round?.promotedAt ?? told ?? secret.changedAt };
}

/** The version that this round brings, and since when it is current. */
export function broughtIn(sight: Sight): Brought {
  const { version, promotedAt } = roundOf(sight.progress);
  if (version === undefined) throw new TypeError('nothing is brought before it is chosen');
  return { version, since: sight.current === version ? promotedAt : undefined };
}

export function currentIn(secret: UsableSecret): string {
  return currentOf(secret)?.id ?? '';
}
