import { judgeNames, listOf } from '../build/image-names.ts';
import { piecesOf, variableIn } from '../expressions.ts';
import { registryOf } from '../registry.ts';
import { imageKey } from '../scripts/parts.ts';
import { PushedNames, pushes } from '../scripts/pushed-names.ts';
import { readScript } from '../scripts/read-script.ts';
import { ofEnvironment, ScriptVariables, type Surroundings } from '../scripts/variables.ts';
import { actionOf, type Step } from '../workflow.ts';
import { inlinedText } from './render.ts';

/** The one image that commands push which stay: under this name a deploy resolves it at ECR. */
export interface StayingImage {
  readonly name: string;
  /** The steps that push it. */
  readonly by: readonly Step[];
  readonly notes: readonly string[];
}

/** Whether a step pushes images, or may do so. */
export function mayPush(step: Step): boolean {
  if (pushes(step.run)) return true;
  const action = actionOf(step) ?? '';
  if (action === 'docker/build-push-action') return !['', 'false'].includes((step.with['push'] ?? '').trim());
  return action === 'docker/bake-action' || /ecr-(?:push|deploy|build)|push-to-ecr|docker-ecr/.test(action);
}

/** What these steps, which stay as they are, push to ECR; nothing if nothing; or why that is not one certain image. */
export function imageThatStays(
  steps: readonly Step[],
  around: Surroundings,
): StayingImage | { readonly why: string } | undefined {
  const by = steps.filter(mayPush);
  const names = new PushedNames((name) => imageKey(name, around));
  for (const step of steps) read(step, { ...around, step }, names);
  const isOfEcr = (name: string) => registryOf(name, around).kind !== 'other';
  if (!names.some(isOfEcr)) return undefined;
  const only = names.only(isOfEcr);
  if (only === undefined || isSetAgain(only.text, by[0], around))
    return { why: 'this file does not say which one image the job has pushed' };
  const judged = judgeNames([only.text], around);
  if ('left' in judged) return { why: judged.left };
  return 'kept' in judged ? { why: judged.kept } : { name: only.text, by, notes: judged.notes };
}

/** The names under which a script pushes; nothing where they are not all known. */
export function namesPushedBy(step: Step, around: Surroundings): readonly string[] | undefined {
  const names = new PushedNames((name) => imageKey(name, around));
  read(step, around, names);
  return names.all();
}

/** Whether a variable of a name may have another value where the deploy reads it. */
function isSetAgain(name: string, pusher: Step | undefined, { job, step }: Surroundings): boolean {
  const variables = piecesOf(name).flatMap((piece) =>
    'expression' in piece ? (variableIn(piece.expression) ?? []) : [],
  );
  const between = job.steps.filter(({ from }) => pusher && from >= pusher.from && from < step.from);
  return variables.some(
    (each) =>
      Object.hasOwn(step.env, each) ||
      between.some(({ run = '' }) => new RegExp(`\\b${each}(?:=|<<)[\\s\\S]*GITHUB_ENV`).test(run)),
  );
}

function read(step: Step, around: Surroundings, names: PushedNames): void {
  if (step.run === undefined) {
    if (!mayPush(step)) return;
    if (actionOf(step) === 'docker/build-push-action')
      names.push(listOf(inlinedText(step.with['tags'] ?? '', step)));
    else names.pushUnknown();
    return;
  }
  const statements = readScript(step.run);
  if (typeof statements === 'string') {
    if (mayPush(step)) names.pushUnknown();
    return;
  }
  const variables = new ScriptVariables(ofEnvironment(around));
  for (const statement of statements) {
    names.follow(statement, variables, ({ text, used }) =>
      used.length > 0 ? undefined : { text: inlinedText(text, step), used },
    );
    variables.follow(statement, '');
  }
}
