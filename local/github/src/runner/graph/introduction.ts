import type { ResolvedSteps } from '../resolve/resolved-workflow.ts';
import type { Place } from './ready-job.ts';
import type { WorkflowScope } from './run-state.ts';

/** What the log of "Set up job" says. */
export function introductionOf({ run }: WorkflowScope, { work }: ResolvedSteps, { name, record }: Place) {
  const permissions = Object.entries({ ...record.permissions, metadata: 'read' })
    .filter(([, access]) => access !== 'none')
    .map(([scope, access]) => `${scope.split('-').map(capitalise).join('')}: ${access}`)
    .sort();
  const actions = new Set(
    work.steps.flatMap((step) => (step.work.kind === 'action' ? [step.work.uses] : [])),
  );
  return [
    { lines: [`Runner of local-github, Node ${process.versions.node}`] },
    { title: 'GITHUB_TOKEN Permissions', lines: permissions },
    { lines: [`Secret source: ${run.run.fromFork ? 'None' : 'Actions'}`, 'Prepare workflow directory'] },
    {
      lines:
        actions.size > 0 ? ['Prepare all required actions', ...[...actions].map((uses) => `  ${uses}`)] : [],
    },
    { lines: [`Complete job name: ${name.name}`] },
  ];
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
