import { changed, type Draft, dropped, type Refused, type Row, same } from '../draft.ts';
import { hasExpression } from '../expressions.ts';
import type { Surroundings } from '../scripts/variables.ts';
import type { Texts } from '../workflow.ts';
import { beginsToCount, byCodeDeploy, isByCodeDeploy } from './code-deploy.ts';
import { migrationOf } from './migration.ts';
import { OVERTAKES } from './overtakes.ts';
import { IGNORED, readRenders, rendersBehind } from './render.ts';
import { MEMBERS, updateOf } from './service-update.ts';
import { waitOf } from './wait.ts';

export const DEPLOY = 'aws-actions/amazon-ecs-deploy-task-definition';

const DROPPED: Readonly<Record<string, string>> = {
  'wait-max-delay-seconds': 'the new step looks every 5 seconds',
  'max-retries': 'a request that ECS refuses as too frequent is sent again for a minute',
  'keep-null-value-keys': 'empty texts, lists and objects are kept',
  image: IGNORED,
  'container-name': IGNORED,
  'aws-region': IGNORED,
};
const READ = [
  ...['task-definition', 'service', 'cluster', 'wait-for-service-stability', 'wait-for-minutes'],
  ...['service-managed-ebs-volume-name', 'service-managed-ebs-volume'],
];
const OUTPUTS = { 'task-definition-arn': 'revision' };

/** The deploy action, with the renders before it, as one deploy-ecs-service. */
export function fromDeployAction(around: Surroundings): Draft | Refused {
  const given = around.step.with;
  if (!isGiven(given['service']))
    return {
      kept: 'it names no service: it registers a task definition or runs a one-off task, and deploys nothing',
    };
  const refused = whyNot(given);
  if (refused !== undefined) return { left: refused };
  const rendered = readRenders(
    rendersBehind(given['task-definition'] ?? '', around.job, around.step.from),
    around,
  );
  if ('left' in rendered || 'kept' in rendered) return rendered;
  const migration = migrationOf(given);
  if ('left' in migration) return migration;
  const isRendered = rendered.rows.length > 0;
  const file = inWorkspace(isRendered ? rendered.file : given['task-definition']);
  const outside = whyOutside(file);
  if (outside !== undefined) return { left: outside };
  const cluster = nameOf(given['cluster']);
  const update = updateOf(given);
  if ('left' in update) return update;
  const wait = waitOf(given);
  if ('left' in wait) return wait;
  const moved = isByCodeDeploy(given) ? byCodeDeploy(around) : undefined;
  const own: Row[] = [
    ...(isRendered ? [] : [same('task-definition')]),
    ...named('cluster', cluster),
    ...named('service', nameOf(given['service'])),
    ...wait.rows,
    ...(moved ? update.rows.map(beginsToCount) : update.rows),
    ...(moved ? moved.rows : [OVERTAKES.row]),
    ...(update.inputs.some(([, lines]) => lines.includes('forceNewDeployment')) ? [] : [NOTHING_NEW]),
    ...Object.keys(given).flatMap((name) => (name in DROPPED ? [dropped(name, DROPPED[name] ?? '')] : [])),
    ...migration.rows,
  ];
  return {
    action: 'deploy-ecs-service',
    inputs: [
      ['contract', 'none'],
      ['mode', 'deploy'],
      ...(cluster === undefined ? [] : [['cluster', cluster] as const]),
      ['service', nameOf(given['service']) ?? ''],
      ...(isGiven(file) ? [['task-definition', file] as const] : []),
      ...(rendered.images.length > 0 ? [['images', rendered.images.join('\n')] as const] : []),
      ['resolve', 'tag'],
      ...listed('environment-variables', rendered.environment),
      ...listed('secrets', rendered.secrets),
      ...(rendered.patch === undefined ? [] : [['task-definition-patch', rendered.patch] as const]),
      ...update.inputs,
      ...(moved ? [] : [OVERTAKES.input]),
      ...migration.inputs,
      ...wait.inputs,
    ],
    env: [],
    rows: [...rendered.rows, ...own],
    outputs: OUTPUTS,
    notes: rendered.notes,
    ...(moved && { beforehand: moved.beforehand }),
  };
}

/** The official action registers a revision and deploys it, whatever is in it. */
const NOTHING_NEW = changed(
  'a deploy of what runs already',
  'no revision is registered, and no task starts again. `service-update: "forceNewDeployment: true"` starts them, for example to read a changed secret',
);

function whyNot(given: Texts): string | undefined {
  if (given['desired-count'] === '0') return '`desired-count: 0` stops the service, which is no deploy';
  const known = (name: string) =>
    [...READ, ...MEMBERS, ...Object.keys(DROPPED)].includes(name) ||
    /^(codedeploy-|run-task|wait-for-task-stopped$)/.test(name);
  const unknown = Object.keys(given).find((name) => !known(name));
  return unknown === undefined ? undefined : `it has an input \`${unknown}\` that this command does not know`;
}

/** A path from the workspace on, as deploy-ecs-service takes it. */
function inWorkspace(file: string | undefined): string | undefined {
  return file?.trim().replace(/^\$\{\{\s*github\.workspace\s*\}\}\/+/i, '');
}

/** deploy-ecs-service reads a file of the workspace. */
function whyOutside(file: string | undefined): string | undefined {
  if (!isGiven(file)) return undefined;
  return /^(\/|\.\.\/|~)|runner\.temp|RUNNER_TEMP/.test(file.trim())
    ? `its task definition ${file} is outside of the workspace`
    : undefined;
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}

/** ECS's name in an ARN. */
function nameOf(text: string | undefined): string | undefined {
  if (!isGiven(text)) return undefined;
  return /^arn:/.test(text) && !hasExpression(text) ? text.slice(text.lastIndexOf('/') + 1) : text;
}

function named(input: string, name: string | undefined): readonly Row[] {
  return name === undefined ? [] : [same(input)];
}

function listed(name: string, lines: readonly string[]) {
  return lines.length > 0 ? [[name, lines.join('\n')] as const] : [];
}
