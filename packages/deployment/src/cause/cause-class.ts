/** What to think of a stopped task. `noise` and `transient` never end a deployment by themselves. */
export type Certainty = 'certain' | 'likely' | 'transient' | 'noise' | 'outside';

/** One kind of stop: matched by the members that it names, first match wins. */
export interface CauseClass {
  readonly name: string;
  readonly certainty: Certainty;
  /** Distinct stopped tasks of one fingerprint after which waiting is pointless; `undefined` for never. */
  readonly failAt: number | undefined;
  readonly stopCode?: string;
  readonly exitCode?: number;
  /** Looked for in the stopped reason, in the container's reason and in the stop code. */
  readonly text?: RegExp;
  /** One sentence in the imperative. */
  readonly advice: string;
}
