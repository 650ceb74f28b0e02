import { type PlannedJob, planJob } from './plan-job.ts';
import { readWorkflow } from './read-workflow.ts';
import { PLACEHOLDER, type Release } from './release.ts';
import type { Workflow } from './workflow.ts';

/** What became of a workflow. */
export type Migration =
  | { readonly outcome: 'unreadable'; readonly mistakes: readonly string[] }
  | {
      /** `whole`: every step that builds for ECR or deploys to ECS is ours now. `in part`: some are left. `nothing`: there was none. */
      readonly outcome: 'whole' | 'in part' | 'nothing';
      readonly text: string;
      readonly workflow: Workflow;
      readonly jobs: readonly PlannedJob[];
    };

/** A workflow with our steps in place of those that build, push, scan and deploy; the old ones stay above as comments. */
export function migrateWorkflow(text: string, release: Release = PLACEHOLDER): Migration {
  const workflow = readWorkflow(text, release);
  if ('mistakes' in workflow) return { outcome: 'unreadable', mistakes: workflow.mistakes };
  const jobs = workflow.jobs.map((job) => planJob(workflow, job));
  const kinds = jobs.flatMap(({ decisions }) => [...decisions.values()].map(({ kind }) => kind));
  const replaced = kinds.includes('replaced');
  const outcome = kinds.includes('left') ? 'in part' : replaced ? 'whole' : 'nothing';
  return { outcome, text: replaced ? joined(workflow, jobs) : text, workflow, jobs };
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
