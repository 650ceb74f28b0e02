import { delimiter } from 'node:path';
import type { JobState } from '../job/job-state.ts';
import { envOf, type StepPlace } from '../job/step-place.ts';
import { mapping, type Strings, text } from '../value.ts';

/** Members of the `github` context that the runner does not turn into GITHUB_… variables. */
const NOT_EXPORTED = new Set(['token', 'event', 'repositoryUrl', 'secret_source', 'job_workflow_sha']);

/** The environment of a step's process, as the runner builds it: its own variables win over everyone's. */
export function processEnv(
  job: JobState,
  place: StepPlace,
  own: Strings,
  given: { readonly github: Strings; readonly more?: Strings },
): Strings {
  const env = envOf(job, place, own);
  const github = Object.entries(mapping(job.contexts['github']))
    .filter(([name]) => !NOT_EXPORTED.has(name))
    .map(([name, value]) => [`GITHUB_${name.toUpperCase()}`, text(value)]);
  const runner = Object.entries(mapping(job.contexts['runner'])).map(([name, value]) => [
    `RUNNER_${name.toUpperCase()}`,
    text(value),
  ]);
  const idToken = job.idTokenRequest
    ? {
        ACTIONS_ID_TOKEN_REQUEST_URL: job.idTokenRequest.url,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: job.idTokenRequest.token,
      }
    : {};
  const path = [...job.path, env['PATH'] ?? job.machine['PATH'] ?? ''].filter((part) => part !== '');
  return {
    CI: 'true',
    ...job.machine,
    ...env,
    GITHUB_ACTIONS: 'true',
    ...Object.fromEntries(github),
    ...Object.fromEntries(Object.entries(given.github).map(([name, value]) => [`GITHUB_${name}`, value])),
    ...Object.fromEntries(runner),
    ...idToken,
    ...given.more,
    PATH: path.join(delimiter),
  };
}
