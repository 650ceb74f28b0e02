/** What became of one thing that an old step said. */
export interface Row {
  /** As the old step calls it. */
  readonly said: string;
  readonly verdict: 'same' | 'changed' | 'dropped';
  /** Where it is now, if its name is another one. */
  readonly to?: string;
  /** How it differs, or why it was dropped. */
  readonly why?: string;
}

export const same = (said: string, to?: string): Row => ({
  said,
  verdict: 'same',
  ...(to && to !== said && { to }),
});
export const changed = (said: string, why: string, to?: string): Row => ({
  said,
  verdict: 'changed',
  why,
  ...(to && to !== said && { to }),
});
export const dropped = (said: string, why: string): Row => ({ said, verdict: 'dropped', why });

export type Action = 'build-and-scan-image' | 'deploy-ecs-service' | 'gate-on-ecr-findings';

/** What somebody must do at AWS once, before the new workflow runs. */
export interface Beforehand {
  /** In a few words, for a table. */
  readonly what: string;
  /** Commands, and what to put into them. */
  readonly lines: readonly string[];
}

/** A step of ours, before it has a place. */
export interface Draft {
  readonly action: Action;
  /** In the order in which they are written. */
  readonly inputs: readonly (readonly [name: string, value: string])[];
  /** Variables that the step's `env:` needs beside what the old step had. */
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly rows: readonly Row[];
  /** Outputs of the old step, and what they are called now. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What a person should look at. */
  readonly notes: readonly string[];
  readonly beforehand?: Beforehand;
  /** Names of the image in other registries, which a step of its own gives it. */
  readonly others?: readonly string[];
}

/** Why a step that this project could do is left as it is; or why it is none of ours. */
export type Refused = { readonly left: string } | { readonly kept: string };
