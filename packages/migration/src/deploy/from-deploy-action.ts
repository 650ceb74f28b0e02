import { changed, type Draft, dropped, type Refused, type Row, same } from '../draft.ts';
import { hasExpression } from '../expressions.ts';
import type { Surroundings } from '../scripts/variables.ts';
import type { Texts } from '../workflow.ts';
import { beginsToCount, byCodeDeploy, isByCodeDeploy } from './code-deploy.ts';
import { migrationOf } from './migration.ts';
import { OVERTAKES } from './overtakes.ts';
import { IGNORED, readRenders, rendersBehind } from './render.ts';

export const DEPLOY = 'aws-actions/amazon-ecs-deploy-task-definition';

/** Inputs that become members of `service-update`. */
const MEMBERS: Readonly<Record<string, string>> = {
  'desired-count': 'desiredCount',
  'force-new-deployment': 'forceNewDeployment',
  'enable-ecs-managed-tags': 'enableECSManagedTags',
  'propagate-tags': 'propagateTags',
};
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

/** The wait of their deploy action, where nobody gave another one. */
const THEIR_MINUTES = '30';
const OUR_MINUTES = '20';

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
  const file = isRendered ? rendered.file : given['task-definition'];
  const outside = whyOutside(file);
  if (outside !== undefined) return { left: outside };
  const cluster = nameOf(given['cluster']);
  const update = updateOf(given);
  const wait = waitOf(given);
  const moved = isByCodeDeploy(given) ? byCodeDeploy(around) : undefined;
  const own: Row[] = [
    ...(isRendered ? [] : [same('task-definition')]),
    ...named('cluster', cluster),
    ...named('service', nameOf(given['service'])),
    ...wait.rows,
    ...(moved ? update.rows.map(beginsToCount) : update.rows),
    ...(moved ? moved.rows : [OVERTAKES.row]),
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

function whyNot(given: Texts): string | undefined {
  if (given['desired-count'] === '0') return '`desired-count: 0` stops the service, which is no deploy';
  const known = (name: string) =>
    [...READ, ...Object.keys(MEMBERS), ...Object.keys(DROPPED)].includes(name) ||
    /^(codedeploy-|run-task|wait-for-task-stopped$)/.test(name);
  const unknown = Object.keys(given).find((name) => !known(name));
  return unknown === undefined ? undefined : `it has an input \`${unknown}\` that this command does not know`;
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

function waitOf(given: Texts): {
  readonly inputs: readonly (readonly [string, string])[];
  readonly rows: readonly Row[];
} {
  const [wait = '', minutes = ''] = [given['wait-for-service-stability'], given['wait-for-minutes']];
  if (!hasExpression(wait) && wait.trim().toLowerCase() !== 'true') {
    const said = wait.trim() === '' ? 'wait-for-service-stability (left out)' : 'wait-for-service-stability';
    const rows = minutes === '' ? [] : [dropped('wait-for-minutes', 'the step does not wait')];
    return { inputs: [['wait', 'false']], rows: [same(said, 'wait: false'), ...rows] };
  }
  const asked = minutes === '' ? THEIR_MINUTES : minutes;
  const capped = Number(asked) > 360 ? '360' : asked;
  const row = hasExpression(wait)
    ? same('wait-for-service-stability', 'wait')
    : changed(
        'wait-for-service-stability',
        'this deployment is followed to its end, in place of waiting until the service is stable',
      );
  return {
    inputs: [
      ...(hasExpression(wait) ? [['wait', wait] as const] : []),
      ...(capped === OUR_MINUTES ? [] : [['timeout-minutes', capped] as const]),
    ],
    rows: [row, minutesRow(minutes, capped)],
  };
}

function minutesRow(given: string, capped: string): Row {
  const end = 'when the time is over, the deployment is stopped and rolled back';
  if (given === '') return changed(`wait-for-minutes (left out, ${THEIR_MINUTES})`, end, 'timeout-minutes');
  const most = capped === given ? '' : '; 360 is the most in both';
  return changed('wait-for-minutes', `${end}${most}`, 'timeout-minutes');
}

function updateOf(given: Texts): {
  readonly inputs: readonly (readonly [string, string])[];
  readonly rows: readonly Row[];
} {
  const [lines, rows]: [string[], Row[]] = [[], []];
  for (const [name, member] of Object.entries(MEMBERS)) {
    const value = given[name];
    if (!isGiven(value)) continue;
    const said = name === 'force-new-deployment' && value.trim().toLowerCase() === 'false';
    if (said) rows.push(same(name, 'left out, as the default'));
    else {
      lines.push(`${member}: ${value.trim()}`);
      rows.push(same(name, 'service-update'));
    }
  }
  const volume = given['service-managed-ebs-volume-name'];
  if (isGiven(volume)) {
    const settings = (given['service-managed-ebs-volume'] ?? '{}').trim();
    lines.push(`volumeConfigurations: [{ name: ${volume}, managedEBSVolume: ${settings} }]`);
    rows.push(
      same('service-managed-ebs-volume-name', 'service-update'),
      same('service-managed-ebs-volume', 'service-update'),
    );
  }
  return { inputs: listed('service-update', lines), rows };
}
