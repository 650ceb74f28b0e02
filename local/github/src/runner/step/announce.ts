import type { JobState } from '../job/job-state.ts';
import type { StepPlace } from '../job/step-place.ts';

/** GITHUB_ACTION_PATH and its siblings for the steps of a composite action. */
export function actionOf({ action }: StepPlace): Readonly<Record<string, string>> {
  if (!action) return {};
  return { ACTION_PATH: action.path, ACTION_REPOSITORY: action.repository, ACTION_REF: action.ref };
}

/** The `env:` or `with:` lines of the group that opens a step's log. */
export function sayPairs(job: JobState, title: string, pairs: Readonly<Record<string, string>>): void {
  const entries = Object.entries(pairs);
  if (entries.length === 0) return;
  job.log.line(`${title}:`);
  for (const [name, value] of entries) job.log.line(`  ${name}: ${value}`);
}
