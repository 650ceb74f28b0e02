import { changed, dropped, type Refused, type Row, same } from '../draft.ts';
import { hasExpression, outputIn, piecesOf, variableIn } from '../expressions.ts';
import { isOfTheJob } from '../registry.ts';
import type { Surroundings } from '../scripts/variables.ts';
import { actionOf, type Job, type Step, type Texts } from '../workflow.ts';
import { DefinitionPatch } from './definition-patch.ts';
import { type Given, linesGiven, rowOf, variableLines } from './variable-lines.ts';

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
  const [images, rows]: [string[], Row[]] = [[], []];
  const [environment, secrets]: [Given[], Given[]] = [[], []];
  const patch = new DefinitionPatch();
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
    else patch.set(containers, 'image', image);
    for (const [name, all] of Object.entries({ 'environment-variables': environment, secrets })) {
      const read = linesGiven(given[name], containers);
      if ('left' in read) return { left: `\`${name}\` of the render ${read.left}` };
      all.push(read);
      if (read.lines.length > 0) rows.push(rowOf(name, read));
    }
    const patched = patch.take(given, containers);
    if ('left' in patched) return patched;
    rows.push(...patched.rows);
  }
  const asked =
    renders[0] !== undefined && file === undefined
      ? BASES.find((name) => isGiven(renders[0]?.with[name]))
      : undefined;
  const notes = asked === undefined ? [] : [ofBase(asked)];
  return {
    file,
    images,
    environment: variableLines(environment),
    secrets: variableLines(secrets),
    patch: patch.text(),
    rows,
    notes,
  };
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

/** The inputs of a step as it reads them, without its own `env:`, which the other step does not have. */
function inlined(step: Step): Texts {
  return Object.fromEntries(
    Object.entries(step.with).map(([name, value]) => [name, inlinedText(value, step).trim()]),
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
