import type { Row } from './draft.ts';
import type { Migration } from './migrate.ts';
import { type Decision, inputOf } from './new-step.ts';
import { isPlaceholder, type Release } from './release.ts';
import { labelOf, type Step } from './workflow.ts';

const OUTCOME = {
  whole: 'migrated whole',
  'whole after a move': 'migrated whole, and a service must be moved from CodeDeploy before it runs',
  'in part': 'migrated in part',
  nothing: 'nothing to migrate',
} as const;

/** What was done to each step that is about images and deploys, for a person: same, changed, dropped, left. */
export function reportOf(file: string, migration: Migration): string {
  if (migration.outcome === 'unreadable') return `${file} is not read: ${migration.mistakes.join('; ')}.`;
  const { jobs, outcome, workflow } = migration;
  const lines = [`${file}: ${OUTCOME[outcome]}.${apartFrom(migration)}`];
  const replaced = jobs.some(({ decisions }) =>
    [...decisions.values()].some(({ kind }) => kind === 'replaced'),
  );
  const notes = replaced && isPlaceholder(workflow.release) ? [whoseRelease(workflow.release)] : [];
  notes.push(...rightsOf(migration));
  const moves = new Map<string, readonly string[]>();
  for (const { job, decisions, moved } of jobs) {
    const said = [...decisions]
      .sort(([a], [b]) => a.from - b.from)
      .flatMap(([step, decision]) => sectionOf(step, decision));
    const renamed = moved.flatMap(({ line, from, to }) => [`  line ${line}: ${from}`, `    is now ${to}`]);
    const calls = job.calls === undefined ? [] : [`  calls ${job.calls}: migrate that file too`];
    if (said.length + renamed.length + calls.length > 0)
      lines.push(
        '',
        workflow.kind === 'workflow' ? `job ${job.id}` : 'composite action',
        ...said,
        ...renamed,
        ...calls,
      );
    for (const decision of decisions.values()) {
      if (decision.kind !== 'replaced') continue;
      notes.push(...decision.notes, ...(migration.of.builds === 'in part' ? gatesOf(decision) : []));
      if (decision.beforehand) moves.set(decision.beforehand.what, decision.beforehand.lines);
    }
  }
  if (outcome === 'nothing' && lines.length === 1)
    lines.push('', 'No step of it builds, pushes or deploys in a way that this command knows.');
  if (moves.size > 0) lines.push('', ...beforehand(moves, workflow.release));
  if (notes.length > 0) lines.push('', 'To do by hand:', ...[...new Set(notes)].map((note) => `  - ${note}`));
  return lines.join('\n');
}

/** Of a file that is migrated in part: whether its builds or its deploys are whole. */
function apartFrom({ outcome, of }: Exclude<Migration, { readonly outcome: 'unreadable' }>): string {
  if (outcome !== 'in part') return '';
  const [builds, deploys] = [PART[of.builds], PART[of.deploys]];
  if (of.builds === 'in part' && deploys !== undefined)
    return ` Its deploys to ECS are ${deploys}. A build or a push for ECR stays as it is.`;
  if (of.deploys === 'in part' && builds !== undefined)
    return ` Its builds for ECR are ${builds}. A deploy to ECS stays as it is.`;
  return '';
}

const PART = {
  whole: 'migrated whole',
  'whole after a move': 'migrated whole, and a service must be moved from CodeDeploy before they run',
  'in part': undefined,
  nothing: undefined,
} as const;

/** Images that a deploy takes by a tag, because what builds and pushes them stays: the gate takes them in the same way. */
function gatesOf({ by }: Decision & { readonly kind: 'replaced' }): readonly string[] {
  const images = by
    .filter(({ does }) => does.kind === 'ours' && does.action === 'deploy-ecs-service')
    .flatMap((step) => (inputOf(step, 'images') ?? '').split('\n'))
    .map((line) => line.replace(/^[\w-]+=/, ''))
    .filter((image) => image !== '' && !/\.outputs\.(?:image|digest) \}\}$/.test(image));
  return [...new Set(images)].map(
    (image) =>
      `If ECR's findings of \`${image}\` are to stop the deploy, put a step of gate-on-ecr-findings before it, with \`image: ${image}\`, \`contract: none\` and \`resolve: tag\`.`,
  );
}

function beforehand(
  moves: ReadonlyMap<string, readonly string[]>,
  { repository, ref }: Release,
): readonly string[] {
  const page = `https://github.com/${repository}/blob/${ref}/docs/moving-from-codedeploy.md`;
  return [
    'To do by hand, before this workflow runs:',
    ...[...moves].flatMap(([what, lines]) => [
      `  - ${what.charAt(0).toUpperCase()}${what.slice(1)}, once. Until then the new step fails with SERVICE_UNSUPPORTED and changes nothing. Each command, and the way back: ${page}`,
      '',
      ...lines.map((line) => (line === '' ? '' : `    ${line}`)),
    ]),
  ];
}

/** What the credentials of the jobs must be allowed now. */
function rightsOf({
  jobs,
  workflow,
}: Exclude<Migration, { readonly outcome: 'unreadable' }>): readonly string[] {
  const { repository, ref } = workflow.release;
  const ours = jobs
    .flatMap(({ decisions }) => [...decisions.values()])
    .flatMap((each) => (each.kind === 'replaced' ? each.by : []))
    .flatMap(({ does }) => (does.kind === 'ours' ? [does.action] : []));
  const pages = [...new Set(ours)]
    .sort()
    .map(
      (action) =>
        `https://github.com/${repository}/blob/${ref}/actions/${action}/README.md#without-a-contract`,
    );
  return pages.length === 0
    ? []
    : [`Give the job's AWS credentials the rights of the new steps: ${pages.join(' and ')}`];
}

function whoseRelease({ repository, ref }: Release): string {
  return `Put your repository and its release in place of \`${repository}\` and \`@${ref}\` in each new \`uses\`, or give them to this command: \`--uses OWNER/REPO@REF\`.`;
}

function sectionOf(step: Step, decision: Decision): readonly string[] {
  const head = `  line ${step.from + 1}, ${labelOf(step)}`;
  if (decision.kind === 'left') return [`${head}: left as it is, because ${decision.why}`];
  if (decision.kind === 'kept') return [`${head}: kept, because ${decision.why}`];
  if (decision.kind === 'merged')
    return [`${head}: now a part of "${decision.into}"`, ...decision.rows.map(rowLine)];
  const by = decision.by.map(({ does }) =>
    does.kind === 'ours' ? does.action : does.kind === 'theirs' ? does.uses.split('@')[0] : 'a script',
  );
  const stays = decision.stays === undefined ? '' : `. Its builds and pushes stay, because ${decision.stays}`;
  return [`${head}: replaced by ${by.join(', ')}${stays}`, ...decision.rows.map(rowLine)];
}

function rowLine({ said, verdict, to, why }: Row): string {
  const where = to === undefined ? '' : ` (${to})`;
  if (verdict === 'dropped') return `    ${said}: dropped, because ${why}`;
  return `    ${said}: ${verdict}${where}${why === undefined ? '' : `, ${why}`}`;
}
