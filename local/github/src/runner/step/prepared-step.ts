import type { StepDefinition } from '../files/step-definition.ts';
import type { JobState } from '../job/job-state.ts';
import type { StepPlace, StepResult } from '../job/step-place.ts';
import type { Strings } from '../value.ts';

/** A step with what its expressions came to. */
export interface PreparedStep {
  readonly definition: StepDefinition;
  readonly env: Strings;
  /** `github.action`. */
  readonly action: string;
}

/** What the work of a step is done with. */
export interface Doing {
  readonly stop: AbortSignal;
  readonly outputs: Map<string, string>;
  /** For a composite action, which has steps of its own. */
  readonly runStep: RunStep;
}

export type RunStep = (
  job: JobState,
  place: StepPlace,
  definition: StepDefinition,
  outer?: AbortSignal,
) => Promise<StepResult>;
