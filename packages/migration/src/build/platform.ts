import { type Row, same } from '../draft.ts';
import type { Surroundings } from '../scripts/variables.ts';

interface Platform {
  readonly inputs: readonly (readonly [string, string])[];
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

const NONE: Platform = { inputs: [], rows: [], notes: [] };

/** Docker builds for the runner's own platform unless it is told; build-and-scan-image for linux/amd64. */
export function platformOf({ job, workflow }: Surroundings, given: boolean): Platform {
  if (
    given ||
    (workflow.kind === 'workflow' && /^ubuntu-[\w.]+$/.test(job.runsOn) && !/arm/i.test(job.runsOn))
  )
    return NONE;
  if (/arm/i.test(job.runsOn) && !job.runsOn.includes('${{'))
    return {
      ...NONE,
      inputs: [['platforms', 'linux/arm64']],
      rows: [same("the runner's platform", 'platforms: linux/arm64')],
    };
  return {
    ...NONE,
    notes: [
      'If the runner is not linux/amd64, write `platforms` into the step that builds: this file does not say what the runner is.',
    ],
  };
}
