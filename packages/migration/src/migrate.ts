import type { Decision } from './new-step.ts';
import { type PlannedJob, planJob } from './plan-job.ts';
import { readWorkflow } from './read-workflow.ts';
import { PLACEHOLDER, type Release } from './release.ts';
import type { FileAt, Workflow } from './workflow.ts';

/** What became of a workflow. */
export type Migration =
  | { readonly outcome: 'unreadable'; readonly mistakes: readonly string[] }
  | {
      /**
       * `whole`: every step that builds for ECR or deploys to ECS is ours now. `whole after a move`: the same, and a service must
       * be moved from CodeDeploy first. `in part`: some are left. `nothing`: there was none.
       */
      readonly outcome: 'whole' | 'whole after a move' | 'in part' | 'nothing';
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
  const decisions = jobs.flatMap((job) => [...job.decisions.values()]);
  const replaced = decisions.some(({ kind }) => kind === 'replaced');
  return { outcome: outcomeOf(decisions), text: replaced ? joined(workflow, jobs) : text, workflow, jobs };
}

function outcomeOf(decisions: readonly Decision[]): Exclude<Migration['outcome'], 'unreadable'> {
  if (decisions.some(({ kind }) => kind === 'left')) return 'in part';
  if (decisions.some((each) => each.kind === 'replaced' && each.beforehand)) return 'whole after a move';
  return decisions.some(({ kind }) => kind === 'replaced') ? 'whole' : 'nothing';
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
