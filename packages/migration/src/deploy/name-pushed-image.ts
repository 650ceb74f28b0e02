import { conditionsOf, precedes, runsAfterFailure } from '../conditions.ts';
import { replaceExpressions } from '../expressions.ts';
import { type Decision, inputOf, type NewStep } from '../new-step.ts';
import { sameCredentials } from '../registry.ts';
import { resolved, type Surroundings } from '../scripts/variables.ts';
import { type Job, memberOf, type Step, type Workflow } from '../workflow.ts';
import { type PushedImage, pushedImages } from './pushed-images.ts';

type Replaced = Decision & { readonly kind: 'replaced' };

/** An id for a build that had none, when a deploy needs its image. */
const ID = 'pushed-image';

/**
 * Deploys that restarted what a moving tag points to name the images that the job has just pushed, by their digests. Where it is not
 * certain which these are, a deploy of ours restarts the service with what it runs, as the old command did.
 */
export function namePushedImages(workflow: Workflow, job: Job, decisions: Map<Step, Decision>): void {
  const several = restartsIn(decisions) > 1;
  for (const step of job.steps) {
    const decision = decisions.get(step);
    if (decision?.kind !== 'replaced') continue;
    const notes = several && decision.by.some((each) => isOpen(each) || isNamed(each)) ? [SEVERAL] : [];
    const told = { ...decision, notes: [...decision.notes, ...notes] };
    if (!decision.by.some(isOpen)) {
      decisions.set(step, told);
      continue;
    }
    const images = pushedImages({ workflow, job, step }, decisions);
    const why =
      'why' in images ? images.why : (whyApart(images, job, step) ?? whyInBranch(images, decision.by));
    decisions.set(step, why === undefined ? told : restarted(decision, why, isOpen));
    if (why === undefined && !('why' in images)) name(images, step, job, decisions);
  }
  restartAlike({ workflow, job }, decisions);
}

/** Where the job restarts a service with what it runs, no other restart of it names an image: the next one would find that digest. */
function restartAlike(around: Omit<Surroundings, 'step'>, decisions: Map<Step, Decision>): void {
  const all = [...decisions].flatMap(([step, each]) => (each.kind === 'replaced' ? [{ step, each }] : []));
  const plain = new Set(
    all.flatMap(({ step, each }) =>
      each.by.filter(isPlain).map((made) => serviceOf(made, { ...around, step })),
    ),
  );
  for (const { step, each } of all) {
    const isAlike = (made: NewStep) => isNamed(made) && plain.has(serviceOf(made, { ...around, step }));
    if (each.by.some(isAlike))
      decisions.set(
        step,
        restarted(each, 'another step of the job restarts the service without one', isAlike),
      );
  }
}

/** Whether a step only begins a new deployment of what a service runs. */
function isPlain(step: NewStep): boolean {
  const given = step.inputs.map(([input]) => input);
  const deploys = step.does.kind === 'ours' && step.does.action === 'deploy-ecs-service';
  return (
    deploys && !['images', 'revision', 'task-definition', 'resolve'].some((input) => given.includes(input))
  );
}

function serviceOf(step: NewStep, around: Surroundings): string {
  const names = ['region', 'cluster', 'service'].map((input) => inputOf(step, input) ?? '');
  return names.map((name) => resolved(name, around)).join('/');
}

/** The service begins a deployment of the task definition that it has. */
function restarted(decision: Replaced, why: string, isMeant: (step: NewStep) => boolean): Replaced {
  const by = decision.by.map((step) => {
    const inputs = step.inputs.filter(([input]) => !['images', 'unused-images', 'resolve'].includes(input));
    return isMeant(step) ? { ...step, inputs } : step;
  });
  const rows = decision.rows.map((row) =>
    row.said === 'the image'
      ? { said: row.said, verdict: 'same' as const, why: `what the task definition names: ${why}` }
      : row,
  );
  const notes = [...decision.notes.filter((note) => note !== SEVERAL), RESTARTED];
  return { ...decision, by, rows, notes };
}

const RESTARTED =
  'A service is restarted with what its task definition names, as before. If another step or workflow deploys an image to it by digest, a restart finds that image again, and no newer one: name the image here too, with `images: REGISTRY/REPOSITORY:TAG` and `resolve: tag`.';

/** Puts the names of the images into a restart, and gives ids to the builds that tell them. */
function name(images: readonly PushedImage[], step: Step, job: Job, decisions: Map<Step, Decision>): void {
  const lines = images.map(({ image, by: [from] }) =>
    typeof image === 'string' ? image : `\${{ steps.${withId(image, from, job, decisions)}.outputs.image }}`,
  );
  const decision = decisions.get(step);
  if (decision?.kind !== 'replaced') return;
  const by = decision.by.map((each) => (isOpen(each) ? withImages(each, lines) : each));
  const needs = images.flatMap((each) => each.by).filter((each) => decisions.get(each)?.kind === 'replaced');
  const notes = [...decision.notes, ...images.flatMap((each) => each.notes)];
  decisions.set(step, { ...decision, by, notes, needs: [...new Set(needs)] });
}

/** The id of a build in a step, which it gets if it has none. */
function withId(build: NewStep, from: Step | undefined, job: Job, decisions: Map<Step, Decision>): string {
  const decision = from && decisions.get(from);
  if (from === undefined || build.id !== undefined || decision?.kind !== 'replaced') return build.id ?? ID;
  const id = freeId(job, decisions);
  const by = decision.by.map((each) => (each === build ? { ...each, id } : each));
  decisions.set(from, { ...decision, by });
  return id;
}

function freeId({ steps }: Job, decisions: ReadonlyMap<Step, Decision>): string {
  const news = [...decisions.values()].flatMap((each) => (each.kind === 'replaced' ? each.by : []));
  const taken = new Set([...steps, ...news].map(({ id }) => id));
  const free = [ID, ...news.map((_, at) => `${ID}-${at + 2}`)].find((id) => !taken.has(id));
  return free ?? `${ID}-${taken.size + 2}`;
}

function withImages(step: NewStep, lines: readonly string[]): NewStep {
  const inputs = step.inputs.flatMap(([input, value]): NewStep['inputs'] => {
    if (input !== 'images' || value !== '') return [[input, value]];
    return inputsOfImages(lines);
  });
  return { ...step, inputs };
}

/** Several images: each service takes those that its containers run. */
export function inputsOfImages(images: readonly string[]): NewStep['inputs'] {
  const unused = images.length > 1 ? [['unused-images', 'leave-out'] as const] : [];
  return [['images', images.join('\n')], ...unused];
}

/** How many services are restarted. */
function restartsIn(decisions: ReadonlyMap<Step, Decision>): number {
  const all = [...decisions.values()].flatMap((each) => (each.kind === 'replaced' ? each.by : []));
  return all.filter((step) => isOpen(step) || isNamed(step)).length;
}

/** Whether a restart names the image that its own script pushes. */
function isNamed(step: NewStep): boolean {
  const images = inputOf(step, 'images');
  return images !== undefined && !replaceExpressions(images, () => '').includes('=');
}

const SEVERAL =
  'Several services are restarted, and each is given the images that the job pushes. A service that runs none of them fails, and changes nothing: keep its old step.';

/** Whether the step must still be told which image. */
function isOpen({ inputs }: NewStep): boolean {
  return inputs.some(([input, value]) => input === 'images' && value === '');
}

/** Why a restart may run where a condition of a script has built nothing. */
function whyInBranch(images: readonly PushedImage[], by: readonly NewStep[]): string | undefined {
  const restarts = by.filter(isOpen);
  const apart = images.some(
    ({ image }) =>
      typeof image !== 'string' && restarts.some(({ when }) => image.when && when !== image.when),
  );
  return apart ? 'a condition of a script may build no image before it' : undefined;
}

/** Why a restart may run where an image was not pushed, or with other credentials. */
function whyApart(images: readonly PushedImage[], job: Job, step: Step): string | undefined {
  return images
    .flatMap(({ by }) => by)
    .map((each) => whyWithout(each, step, job) ?? whyElsewhere(job, each, step))
    .find((why) => why !== undefined);
}

/** Why a restart may run where a step that pushes its image was skipped, or has failed. */
function whyWithout(pusher: Step, step: Step, job: Job): string | undefined {
  if (pusher === step) return undefined;
  const asked = conditionsOf(step);
  const forgiven = memberOf(pusher, 'continue-on-error') !== undefined;
  const ended = forgiven ? 'outcome' : '(?:outcome|conclusion)';
  const well = new RegExp(`^steps\\.${pusher.id}\\.${ended}\\s*==\\s*'success'$`);
  if (pusher.id !== undefined && asked.some((each) => well.test(each))) return undefined;
  if (forgiven || runsAfterFailure(step))
    return 'it also runs where the step that pushes an image has failed';
  return precedes(pusher, step, job)
    ? undefined
    : 'it also runs where the step that pushes an image does not: the two have another `if`';
}

function whyElsewhere(job: Job, pusher: Step, step: Step): string | undefined {
  return sameCredentials(job, pusher, step) ? undefined : 'other AWS credentials push the image';
}
