import { type Outcome, outcomeOf, outcomeOfWork, type Work } from './outcome.ts';
import { type PlannedJob, planJob } from './plan-job.ts';
import { readWorkflow } from './read-workflow.ts';
import { PLACEHOLDER, type Release } from './release.ts';
import type { FileAt, Workflow } from './workflow.ts';

/** What became of a workflow. */
export type Migration =
  | { readonly outcome: 'unreadable'; readonly mistakes: readonly string[] }
  | {
      readonly outcome: Outcome;
      /** The same of its builds and of its deploys alone. */
      readonly of: Readonly<Record<Work, Outcome>>;
      readonly text: string;
      readonly workflow: Workflow;
      readonly jobs: readonly PlannedJob[];
    };

/** A workflow with our steps in place of those that build, push, scan and deploy; the old ones stay above as comments. */
export function migrateWorkflow(
  text: string,
  release: Release = PLACEHOLDER,
  fileAt: FileAt = () => undefined,
): Migration {
  const workflow = readWorkflow(text, release, fileAt);
  if ('mistakes' in workflow) return { outcome: 'unreadable', mistakes: workflow.mistakes };
  const jobs = workflow.jobs.map((job) => planJob(workflow, job));
  const decisions = jobs.flatMap((job) => [...job.decisions]);
  const replaced = decisions.some(([, { kind }]) => kind === 'replaced');
  const of = { builds: outcomeOfWork(decisions, 'builds'), deploys: outcomeOfWork(decisions, 'deploys') };
  return {
    outcome: outcomeOf(decisions),
    of,
    text: replaced ? joined(workflow, jobs) : text,
    workflow,
    jobs,
  };
}

/** The lines between jobs as they are, and each job's own. */
function joined(workflow: Workflow, jobs: readonly PlannedJob[]): string {
  const lines: string[] = [];
  let at = 0;
  for (const { job, lines: own } of jobs) {
    lines.push(...workflow.lines.slice(at, job.from), ...own);
    at = job.to + 1;
  }
  return [...lines, ...workflow.lines.slice(at)].join('\n');
}
