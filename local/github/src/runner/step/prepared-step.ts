import type { StepDefinition } from '../files/step-definition.ts';
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
}
