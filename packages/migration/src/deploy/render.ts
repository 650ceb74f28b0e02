import { stringify } from 'yaml';
import { changed, dropped, type Refused, type Row, same } from '../draft.ts';
import { hasExpression, outputIn, piecesOf, variableIn } from '../expressions.ts';
import { isOfTheJob } from '../registry.ts';
import type { Surroundings } from '../scripts/variables.ts';
import { actionOf, type Job, type Step, type Texts } from '../workflow.ts';

export const RENDER = 'aws-actions/amazon-ecs-render-task-definition';

/** What the renders before a deploy said, together. */
export interface Rendered {
  /** The file that the first one read; none where it asked ECS. */
  readonly file: string | undefined;
  readonly images: readonly string[];
  readonly environment: readonly string[];
  readonly secrets: readonly string[];
  readonly patch: string | undefined;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

interface Patch {
  taskRoleArn?: string;
  executionRoleArn?: string;
  containerDefinitions?: Record<string, Record<string, unknown>>;
}

/** The renders whose file a task definition is, the first one first; none where it is a file of its own. */
export function rendersBehind(taskDefinition: string, job: Job, before: number): readonly Step[] {
  const [piece, ...more] = piecesOf(taskDefinition.trim());
  const of = piece && 'expression' in piece && more.length === 0 ? outputIn(piece.expression) : undefined;
  const render = job.steps.find(
    (each) => each.id !== undefined && each.id === of?.id && each.from < before && actionOf(each) === RENDER,
  );
  if (!render || of?.output !== 'task-definition') return [];
  return [...rendersBehind(render.with['task-definition'] ?? '', job, render.from), render];
}

const KNOWN = [
  ...['task-definition', 'task-definition-arn', 'task-definition-family', 'task-definition-revision'],
  ...['container-name', 'image', 'environment-variables', 'secrets', 'env-files', 'docker-labels', 'command'],
  ...['log-configuration-log-driver', 'log-configuration-options', 'task-role-arn', 'execution-role-arn'],
];

/** What people write beside the inputs of these actions: no release had it. */
export const IGNORED = 'the action never had such an input, and GitHub ignores it';

export function readRenders(renders: readonly Step[], around: Surroundings): Rendered | Refused {
  const [images, environment, secrets, rows]: [string[], string[], string[], Row[]] = [[], [], [], []];
  const patch: Patch = {};
  let file: string | undefined;
  for (const [index, render] of renders.entries()) {
    const given = inlined(render);
    const unknown = Object.keys(given).find((name) => !KNOWN.includes(name) && name !== 'aws-region');
    if (unknown !== undefined)
      return { left: `the render has an input \`${unknown}\` that this command does not know` };
    const containers = (given['container-name'] ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    if (containers.length === 0) return { left: 'the render names no container' };
    if (index === 0) {
      file = isGiven(given['task-definition']) ? given['task-definition'] : undefined;
      rows.push(...rowsOfBase(given));
    }
    const image = given['image'] ?? '';
    const own = isOfTheJob(image, { ...around, step: render }, around.step);
    const to = own ? 'images' : 'task-definition-patch';
    rows.push(same('container-name', to), same('image', to));
    if ('aws-region' in given) rows.push(dropped('aws-region', IGNORED));
    if (own) for (const container of containers) images.push(`${container}=${image}`);
    else setIn(patch, containers, 'image', image);
    const pairs = { 'environment-variables': environment, secrets } as const;
    for (const [name, lines] of Object.entries(pairs)) {
      const read = prefixed(given[name], containers);
      if ('left' in read) return { left: `\`${name}\` of the render ${read.left}` };
      lines.push(...read.lines);
      if (read.lines.length > 0) rows.push(same(name));
    }
    rows.push(...patched(patch, given, containers));
  }
  const empty = Object.keys(patch).length === 0;
  const asked =
    renders[0] !== undefined && file === undefined
      ? BASES.find((name) => isGiven(renders[0]?.with[name]))
      : undefined;
  const notes = asked === undefined ? [] : [ofBase(asked)];
  return { file, images, environment, secrets, patch: empty ? undefined : quoted(patch), rows, notes };
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}

/** What a render starts from that is no file. */
const BASES = ['task-definition-arn', 'task-definition-family', 'task-definition-revision'];

function ofBase(name: string): string {
  return `The render started from \`${name}\`, and the deploy starts from what the service runs. If Terraform or anybody else registers revisions that the service does not run yet, give the deploy a file: the output of \`aws ecs describe-task-definition\`, as \`task-definition\`.`;
}

function rowsOfBase(given: Texts): readonly Row[] {
  if (isGiven(given['task-definition'])) return [same('task-definition')];
  return BASES.filter((name) => isGiven(given[name])).map((name) =>
    changed(name, 'the deploy starts from what the service runs'),
  );
}

/** Lines `KEY=value`, each for every container: `web.KEY=value`. */
function prefixed(
  text: string | undefined,
  containers: readonly string[],
): { readonly lines: readonly string[] } | { readonly left: string } {
  const lines = (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const odd = lines.find((line) => !/^[^=\s$#<][^=\s<]*=/.test(line));
  if (odd !== undefined)
    return { left: `has a line that is not KEY=value, and its lines cannot be given a container here` };
  return { lines: containers.flatMap((container) => lines.map((line) => `${container}.${line}`)) };
}

function patched(patch: Patch, given: Texts, containers: readonly string[]): readonly Row[] {
  const rows: Row[] = [];
  const to = 'task-definition-patch';
  const set = (name: string, member: string, value: unknown) => {
    setIn(patch, containers, member, value);
    rows.push(same(name, to));
  };
  if (isGiven(given['log-configuration-log-driver'])) {
    const options = pairsIn(given['log-configuration-options']);
    set('log-configuration-log-driver', 'logConfiguration', {
      logDriver: given['log-configuration-log-driver'],
      ...(Object.keys(options).length > 0 && { options }),
    });
    if (Object.keys(options).length > 0) rows.push(same('log-configuration-options', to));
  } else if (isGiven(given['log-configuration-options']))
    rows.push(dropped('log-configuration-options', 'the render ignores it without a log driver'));
  if (isGiven(given['docker-labels'])) set('docker-labels', 'dockerLabels', pairsIn(given['docker-labels']));
  if (isGiven(given['command'])) set('command', 'command', given['command'].split(' '));
  if (isGiven(given['env-files']))
    set(
      'env-files',
      'environmentFiles',
      linesIn(given['env-files']).map((value) => ({ type: 's3', value })),
    );
  for (const [name, member] of [
    ['task-role-arn', 'taskRoleArn'],
    ['execution-role-arn', 'executionRoleArn'],
  ] as const) {
    const value = given[name];
    if (!isGiven(value)) continue;
    patch[member] = value;
    rows.push(same(name, to));
  }
  return rows;
}

function setIn(patch: Patch, containers: readonly string[], member: string, value: unknown): void {
  patch.containerDefinitions ??= {};
  const all = patch.containerDefinitions;
  for (const container of containers) all[container] = { ...all[container], [member]: value };
}

const linesIn = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function pairsIn(text: string | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    linesIn(text ?? '').map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  );
}

/** Every value in quotes, so that YAML changes none of what an expression becomes. */
function quoted(patch: Patch): string {
  return stringify(patch, {
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
  }).trimEnd();
}

/** The inputs of a step without its own `env:`, which the other step does not have. */
function inlined(step: Step): Texts {
  return Object.fromEntries(
    Object.entries(step.with).map(([name, value]) => [name, inlinedText(value, step)]),
  );
}

/** A text with the step's own variables put in. */
export function inlinedText(text: string, step: Step): string {
  if (!hasExpression(text)) return text;
  return piecesOf(text)
    .map((piece) => {
      if ('literal' in piece) return piece.literal;
      const name = variableIn(piece.expression);
      const value = name !== undefined && Object.hasOwn(step.env, name) ? step.env[name] : undefined;
      return value ?? `\${{ ${piece.expression} }}`;
    })
    .join('');
}
