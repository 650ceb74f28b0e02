/** How a credential stands, the best first. */
export const STATES = [
  'ok',
  /** Young enough, and something without a long-lived key can stand in its place. */
  'eliminable',
  'in-progress',
  'due',
  /** It exists, and no contract names it. */
  'unmanaged',
  'overdue',
  /** Somebody has to look and decide. */
  'hold',
  /** Something about it could not be observed: never taken for good news. */
  'unknown',
] as const;

export type State = (typeof STATES)[number];

/** What a state does to the run that reports it. */
export type Bearing = 'passes' | 'warns' | 'fails';

const BEARING: Readonly<Record<State, Bearing>> = {
  ok: 'passes',
  eliminable: 'passes',
  'in-progress': 'passes',
  due: 'warns',
  unmanaged: 'warns',
  overdue: 'fails',
  hold: 'fails',
  unknown: 'fails',
};

export function bearingOf(state: State): Bearing {
  return BEARING[state];
}
