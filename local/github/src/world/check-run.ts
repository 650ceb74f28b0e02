import type { App } from './app.ts';
import type { Repository } from './repository.ts';

export interface CheckAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly message: string;
  readonly title?: string;
}

/** A check run made through the API. Those of jobs are shown beside them. */
export interface CheckRun {
  readonly id: number;
  readonly repository: Repository;
  /** Who made it, and alone may change it. Absent: GitHub Actions, for a job's token. */
  readonly app?: App;
  readonly name: string;
  readonly headSha: string;
  readonly externalId: string;
  detailsUrl: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  readonly startedAt: number;
  completedAt: number | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  readonly annotations: CheckAnnotation[];
}

/** The id of GitHub Actions, the App behind every job's token. */
export const ACTIONS_APP = 15_368;

export function appIdOf({ app }: CheckRun): number {
  return app?.id ?? ACTIONS_APP;
}
