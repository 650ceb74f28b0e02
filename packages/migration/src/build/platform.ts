import { type Row, same } from '../draft.ts';
import { ofEnvironment, resolved, type Surroundings } from '../scripts/variables.ts';

interface Platform {
  readonly inputs: readonly (readonly [string, string])[];
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

const NONE: Platform = { inputs: [], rows: [], notes: [] };

/** Docker builds for the runner's own platform unless it is told; build-and-scan-image for linux/amd64. */
export function platformOf(around: Surroundings, given: boolean): Platform {
  const { job, workflow, step } = around;
  const told = given ? undefined : defaultOf(around);
  if (told !== undefined)
    return { ...NONE, inputs: [['platforms', told]], rows: [same(DEFAULT, `platforms: ${told}`)] };
  const written = job.steps.some(({ from, run }) => from < step.from && run?.includes(DEFAULT));
  if (!given && written) return { ...NONE, notes: [WRITTEN] };
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

const DEFAULT = 'DOCKER_DEFAULT_PLATFORM';

const WRITTEN = `A step before the build names ${DEFAULT}. If it sets that, write \`platforms\` into the step that builds: without it, the image is for linux/amd64.`;

/** What docker takes where no platform is given, if this file sets it. */
function defaultOf(around: Surroundings): string | undefined {
  const value = ofEnvironment(around).of(DEFAULT);
  return 'text' in value && resolved(value.text, around) !== '' ? value.text : undefined;
}
