import type { Action, Beforehand, Draft, Row } from './draft.ts';
import type { Job, Step } from './workflow.ts';

/** A step that is written in place of an old one, or beside it. */
export interface NewStep {
  /** What it does: one of our actions, another one, or a script. */
  readonly does:
    | { readonly kind: 'ours'; readonly action: Action }
    | { readonly kind: 'theirs'; readonly uses: string }
    | {
        readonly kind: 'script';
        readonly script: string;
        readonly shell: string | undefined;
        readonly folder: string | undefined;
      };
  readonly id: string | undefined;
  /** Added to the name of the old step. */
  readonly suffix: string;
  readonly inputs: readonly (readonly [name: string, value: string])[];
  /** Variables beside those that the old step's `env:` has. */
  readonly env: readonly (readonly [name: string, value: string])[];
  /** Its `if`, in place of the old step's: it asks a step that ran where that one holds. */
  readonly when?: string;
}

/** What was done about a step. */
export type Decision =
  | {
      readonly kind: 'replaced';
      readonly by: readonly NewStep[];
      readonly rows: readonly Row[];
      readonly notes: readonly string[];
      /** Why commands of its script that build or push stay in it. */
      readonly stays?: string;
      /** Without it the new step fails, and changes nothing. */
      readonly beforehand?: Beforehand;
      /** Outputs of the old step by name: where they are now. */
      readonly outputs: Readonly<Record<string, Place>>;
      /** Outputs that stay under the same id, whatever they are. */
      readonly keepsOutputs: boolean;
      /** Ids of renders whose values it has. */
      readonly rendersOf: readonly string[];
      /** The steps whose images it deploys: they must be ours too. */
      readonly needs?: readonly Step[];
      /** Names that the image had in the runner's Docker alone, and has no more. */
      readonly local?: readonly string[];
    }
  /** Its work is in other steps: in `by`, or in all that `into` names. */
  | { readonly kind: 'merged'; readonly into: string; readonly by?: Step; readonly rows: readonly Row[] }
  /** Ours to replace, and left as it is. */
  | { readonly kind: 'left'; readonly why: string }
  /** None of ours, and worth a word. */
  | { readonly kind: 'kept'; readonly why: string };

/** Whether something of a step is left that this project could do. */
export function leaves(decision: Decision | undefined): boolean {
  return decision?.kind === 'left' || (decision?.kind === 'replaced' && decision.stays !== undefined);
}

/** Whether a step builds with this project's action. */
export function isOurBuild({ does }: NewStep): boolean {
  return does.kind === 'ours' && does.action === 'build-and-scan-image';
}

export function inputOf({ inputs }: NewStep, name: string): string | undefined {
  return inputs.find(([input]) => input === name)?.[1];
}

export interface Place {
  readonly id: string;
  readonly output: string;
}

export function stepOf(draft: Draft, id: string | undefined, when?: string): NewStep {
  const { action, inputs, env } = draft;
  return { does: { kind: 'ours', action }, id, suffix: '', inputs, env, ...(when && { when }) };
}

/** Several steps in place of one are told apart. */
export function numbered(by: readonly NewStep[]): readonly NewStep[] {
  return by.length < 2
    ? by
    : by.map((step, index) => ({ ...step, suffix: ` (${index + 1} of ${by.length})` }));
}

/** An id for a step that has none, which no other step of the job has. */
export function idOf({ steps }: Job, step: Step): string {
  return step.id ?? `step-${steps.indexOf(step) + 1}-image`;
}

/** A draft that takes the place of one step. */
export function replacedBy(
  draft: Draft,
  id: string | undefined,
  rendersOf: readonly string[] = [],
): Decision & { readonly kind: 'replaced' } {
  return {
    kind: 'replaced',
    by: [stepOf(draft, id)],
    rows: draft.rows,
    notes: draft.notes,
    ...(draft.beforehand && { beforehand: draft.beforehand }),
    outputs: Object.fromEntries(
      Object.entries(draft.outputs).map(([old, output]) => [old, { id: id ?? '', output }]),
    ),
    keepsOutputs: false,
    rendersOf,
  };
}
