import { judgeNames, listOf } from '../build/image-names.ts';
import { piecesOf, variableIn } from '../expressions.ts';
import { registryOf } from '../registry.ts';
import { asOneLine, DEPLOYS } from '../scripts/commands.ts';
import { imageKey } from '../scripts/parts.ts';
import { PushedNames, pushes } from '../scripts/pushed-names.ts';
import { readScript } from '../scripts/read-script.ts';
import { ofEnvironment, ScriptVariables, type Surroundings } from '../scripts/variables.ts';
import { actionOf, type Step } from '../workflow.ts';
import { inlinedText } from './render.ts';

/** An image that commands push which stay: under this name a deploy resolves it at ECR. */
export interface StayingImage {
  readonly image: string;
  /** The steps that push. */
  readonly by: readonly Step[];
  readonly notes: readonly string[];
}

/** Whether a step pushes images, or may do so. */
export function mayPush(step: Step): boolean {
  if (pushes(step.run)) return true;
  const action = actionOf(step) ?? '';
  if (BUILD_ACTION.test(action)) return !['', 'false'].includes((step.with['push'] ?? '').trim());
  return action === 'docker/bake-action' || /ecr-(?:push|deploy|build)|push-to-ecr|docker-ecr/.test(action);
}

/** What these steps, which stay as they are, push to ECR, each image under its first name; or why that is not certain. */
export function imagesThatStay(
  steps: readonly Step[],
  around: Surroundings,
): readonly StayingImage[] | { readonly why: string } {
  const by = steps.filter(mayPush);
  const names = new PushedNames((name) => imageKey(name, around));
  for (const step of steps) read(step, { ...around, step }, names, step === around.step);
  const isOfEcr = (name: string) => registryOf(name, around).kind !== 'other';
  const images = names.images(isOfEcr);
  if (images === undefined || images.some(({ text }) => isSetAgain(text, by[0], around)))
    return { why: 'this file does not say what the job has pushed' };
  const found: StayingImage[] = [];
  for (const { text } of images) {
    const judged = judgeNames([text], around);
    if ('left' in judged) return { why: judged.left };
    if ('kept' in judged) return { why: judged.kept };
    found.push({ image: text, by, notes: judged.notes });
  }
  return found;
}

/** The names under which a script pushes; nothing where they are not all known. */
export function namesPushedBy(step: Step, around: Surroundings): readonly string[] | undefined {
  const names = new PushedNames((name) => imageKey(name, around));
  read(step, around, names);
  return names.all();
}

/** A name that a step pushes and that no command of the job before it gives to an image. */
export function nameOfNobody(around: Surroundings): string | undefined {
  const { job, step } = around;
  if (!pushes(step.run)) return undefined;
  const names = new PushedNames((name) => imageKey(name, around));
  for (const each of job.steps) if (each.from <= step.from) read(each, { ...around, step: each }, names);
  return names.ofNobody();
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

/** Actions that build one image: Docker's, and ours, where the file was migrated before. */
const BUILD_ACTION = /^docker\/build-push-action$|\/actions\/build-and-scan-image$/;

/** With `restarts`, what is pushed after a restart of the same script is not known before it. */
function read(step: Step, around: Surroundings, names: PushedNames, restarts = false): void {
  if (step.run === undefined) {
    if (BUILD_ACTION.test(actionOf(step) ?? ''))
      names.build(listOf(inlinedText(step.with['tags'] ?? '', step)), mayPush(step));
    else if (mayPush(step)) names.pushUnknown();
    return;
  }
  const statements = readScript(step.run);
  if (typeof statements === 'string') {
    if (mayPush(step)) names.pushUnknown();
    return;
  }
  const variables = new ScriptVariables(ofEnvironment(around));
  const first = restarts ? statements.findIndex(({ own }) => DEPLOYS.test(asOneLine(own))) : -1;
  for (const [index, statement] of statements.entries()) {
    if (first >= 0 && index > first && pushes(statement.own)) names.pushUnknown();
    names.follow(statement, variables, (text, used) =>
      used.length > 0 ? undefined : inlinedText(text, step),
    );
    variables.follow(statement, '');
  }
}
