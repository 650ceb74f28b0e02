import type { Io } from '../io.ts';
import { UsageError } from './usage-error.ts';

/** The job of GitHub that runs a command. */
export interface Job {
  readonly repository: string;
  readonly runId: string;
  readonly runAttempt: number;
  readonly sha: string;
  /** `refs/heads/main`. */
  readonly branch: string;
  readonly event: string;
  /** Of the workflow that runs: `OWNER/NAME/.github/workflows/contracts.yml@refs/heads/main`. */
  readonly workflowRef: string;
  readonly apiUrl: string;
  readonly token: string;
}

/** `asked`: the word that only such a job may use. */
export function thisJob(asked: string, { env }: Io): Job {
  const named = [
    'GITHUB_REPOSITORY',
    'GITHUB_RUN_ID',
    'GITHUB_RUN_ATTEMPT',
    'GITHUB_SHA',
    'GITHUB_REF',
    'GITHUB_EVENT_NAME',
    'GITHUB_WORKFLOW_REF',
    'GITHUB_API_URL',
    'GITHUB_TOKEN',
  ] as const;
  const missing = named.filter((name) => !env[name]);
  if (missing.length > 0)
    throw new UsageError(`${asked} is for a job of GitHub: there is no ${missing.join(', ')}.`);
  const said = (name: (typeof named)[number]) => env[name] ?? '';
  return {
    repository: said('GITHUB_REPOSITORY'),
    runId: said('GITHUB_RUN_ID'),
    runAttempt: Number(said('GITHUB_RUN_ATTEMPT')),
    sha: said('GITHUB_SHA'),
    branch: said('GITHUB_REF'),
    event: said('GITHUB_EVENT_NAME'),
    workflowRef: said('GITHUB_WORKFLOW_REF'),
    apiUrl: said('GITHUB_API_URL'),
    token: said('GITHUB_TOKEN'),
  };
}
