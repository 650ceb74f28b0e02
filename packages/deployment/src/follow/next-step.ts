import { type Ending, endingOf, type Trouble, troubleIn, whyByNow } from './ending.ts';
import type { Judgement, Observation } from './judge.ts';

/** What one look is judged by: what is known of the deployment, and what was asked for. */
export interface Situation {
  readonly judgement: Judgement;
  readonly seen: Observation;
  /** Why it will not end well, if that is known already. */
  readonly trouble: Trouble | undefined;
  /** The time is over: that of the rollout, or of its landing once there is trouble. */
  readonly late: boolean;
  readonly onFailure: 'rollback' | 'report' | undefined;
}

/** What to do after a look. `found` is trouble that shows for the first time. */
export type Step =
  | { readonly kind: 'end'; readonly ending: Ending; readonly found?: Found }
  | { readonly kind: 'roll-back'; readonly trouble: Trouble; readonly found?: Found }
  | { readonly kind: 'go-on'; readonly trouble: Trouble | undefined; readonly found?: Found };

export interface Found {
  readonly trouble: Trouble;
  readonly advice: string | undefined;
}

/** The decision after one look: it ends here, ECS is asked to roll back, or it goes on. */
export function nextStep({ judgement, seen, trouble, late, onFailure }: Situation): Step {
  const ending = endingOf(judgement, trouble, seen);
  if (ending) return { kind: 'end', ending };
  if (trouble) return late ? notLanded(trouble, seen) : withKnown(judgement, trouble);
  const shown = troubleIn(judgement, seen, late);
  if (!shown) return { kind: 'go-on', trouble };
  const found = { trouble: shown, advice: judgement.kind === 'doomed' ? judgement.advice : undefined };
  if (judgement.kind === 'rolling-back') return { kind: 'go-on', trouble: shown, found };
  return onFailure === 'report'
    ? { kind: 'end', ending: leftToEcs(shown, seen), found }
    : { kind: 'roll-back', trouble: shown, found };
}

/** ECS was asked already, unless no answer of it could be read. */
function withKnown(judgement: Judgement, trouble: Trouble): Step {
  const asked = judgement.kind === 'rolling-back' || trouble.unanswered === undefined;
  return { kind: asked ? 'go-on' : 'roll-back', trouble };
}

function notLanded(trouble: Trouble, last: Observation): Step {
  const why = `${whyByNow(trouble, last)}; the rollback did not end in 15 minutes`;
  return { kind: 'end', ending: { outcome: 'rollback-failed', why, rolledBack: false, last } };
}

function leftToEcs({ outcome, why }: Trouble, last: Observation): Ending {
  return { outcome, why: `${why}; it is left to ECS, as requested`, rolledBack: false, last };
}
