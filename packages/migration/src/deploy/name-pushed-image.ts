import { repositoryOf } from '../build/image-names.ts';
import { conditionsOf, precedes, runsAfterFailure } from '../conditions.ts';
import { replaceExpressions } from '../expressions.ts';
import { type Decision, inputOf, isOurBuild, leaves, type NewStep } from '../new-step.ts';
import { sameCredentials } from '../registry.ts';
import { asOneLine } from '../scripts/commands.ts';
import { expand, type HandedOn, startsWith } from '../scripts/expand.ts';
import { readScript } from '../scripts/read-script.ts';
import { ofEnvironment, ScriptVariables, type Surroundings } from '../scripts/variables.ts';
import { type Job, memberOf, type Step, type Workflow } from '../workflow.ts';
import { imageThatStays, type StayingImage } from './image-that-stays.ts';
import { inlinedText } from './render.ts';

type Replaced = Decision & { readonly kind: 'replaced' };

interface Made {
  readonly step: Step;
  readonly build: NewStep;
}

/** An id for a build that had none, when a deploy needs its image. */
const ID = 'pushed-image';

/**
 * Deploys that restarted what a moving tag points to name the image that the job has just pushed. A restart alone would find
 * the same digest again and again, because a deploy of ours names its image by digest.
 */
export function namePushedImages(workflow: Workflow, job: Job, decisions: Map<Step, Decision>): void {
  const several = restartsIn(decisions) > 1;
  for (const step of job.steps) {
    const open = decisions.get(step);
    const decision: typeof open =
      several && open?.kind === 'replaced' ? { ...open, notes: [...open.notes, SEVERAL] } : open;
    if (decision?.kind !== 'replaced') continue;
    if (!decision.by.some(isOpen)) {
      if (decision.by.some(isNamed)) decisions.set(step, decision);
      continue;
    }
    const builds = job.steps
      .filter(({ from }) => from <= step.from)
      .flatMap((each) => buildsOf(decisions.get(each)).map((build) => ({ step: each, build })));
    const [only, ...more] = builds;
    const around = { workflow, job, step };
    const staying =
      only && isLoaded(only.build) ? undefined : imageThatStays(stepsThatStay(around, decisions), around);
    if (staying !== undefined) {
      const one = builds.length > 0 ? { why: BESIDE } : staying;
      decisions.set(step, namedByTag(one, decision, around));
      continue;
    }
    const apart =
      only &&
      pushersOf(job, only)
        .map((each) => whyWithout(each, step) ?? whyElsewhere(job, each, step))
        .concat(whyInBranch(only.build, decision))
        .find(isSaid);
    const byCommand =
      only && more.length === 0 && !apart ? pushedByCommand(workflow, job, only, step) : undefined;
    if (only !== undefined && byCommand !== undefined) {
      decisions.set(step, { ...named(decision, byCommand), needs: only.step });
      continue;
    }
    const why = whyNotOne(builds.length) ?? apart ?? whyUndecided(only?.build);
    if (only === undefined || why !== undefined) {
      decisions.set(step, { kind: 'left', why: why ?? '' });
      continue;
    }
    const id = only.build.id ?? freeId(job);
    for (const each of new Set([only.step, step])) {
      const of = each === step ? decision : decisions.get(each);
      if (of?.kind === 'replaced')
        decisions.set(each, { ...filled(of, only.build, id), ...(each === step && { needs: only.step }) });
    }
  }
}

/** Steps up to this one in which commands or other actions may push an image. */
function stepsThatStay({ job, step }: Surroundings, decisions: ReadonlyMap<Step, Decision>): readonly Step[] {
  return job.steps.filter((each) => {
    const decision = decisions.get(each);
    const ours = decision?.kind === 'replaced' || decision?.kind === 'merged';
    return each.from <= step.from && (!ours || leaves(decision));
  });
}

const BESIDE = 'of the images that the job pushes, only some are built by new steps';

/** A restart after the push of an image that stays: it deploys that image by its tag. */
function namedByTag(
  image: StayingImage | { readonly why: string },
  decision: Replaced,
  { job, step }: Surroundings,
): Decision {
  const apart =
    'why' in image
      ? `it restarts what a tag points to, and ${image.why}: ${WRITE}`
      : image.by.map((each) => whyWithout(each, step) ?? whyElsewhere(job, each, step)).find(isSaid);
  if ('why' in image || apart !== undefined) return { kind: 'left', why: apart ?? '' };
  return { ...named(decision, image.name), notes: [...decision.notes, ...image.notes] };
}

/** How many services are to get the image that the job pushes. */
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
  'Several services are restarted, and each is given the one image that the job pushes. Where a service runs another image, keep its old step.';

/** Whether the step must still be told which image. */
function isOpen({ inputs }: NewStep): boolean {
  return inputs.some(([name, value]) => name === 'images' && value === '');
}

function buildsOf(decision: Decision | undefined): readonly NewStep[] {
  if (decision?.kind !== 'replaced') return [];
  return decision.by.filter(isOurBuild);
}

const WRITE = 'write `images: REGISTRY/REPOSITORY:TAG` and `resolve: tag` into a step of deploy-ecs-service';

function whyNotOne(count: number): string | undefined {
  if (count === 0) return `it restarts what a tag points to, and this job does not say which image: ${WRITE}`;
  if (count > 1) return `it restarts what a tag points to, and this job pushes ${count} images: ${WRITE}`;
  return undefined;
}

function whyUndecided(build: NewStep | undefined): string | undefined {
  const push = build && inputOf(build, 'push');
  if (push === 'true') return undefined;
  return push === 'false'
    ? `it restarts what a tag points to, and this file does not say what the job pushes before it: ${WRITE}`
    : `it restarts what a tag points to, and an expression decides whether the job pushes one: ${WRITE}`;
}

/** The steps without which the image is not in ECR: the build, and the commands that push what it loads into Docker. */
function pushersOf(job: Job, { step, build }: Made): readonly Step[] {
  const after = isLoaded(build) ? job.steps.filter((each) => each.from > step.from && pushes(each.run)) : [];
  return [step, ...after];
}

/** Why a restart may run where a step that pushes its image was skipped, or has failed. */
function whyWithout(pusher: Step, step: Step): string | undefined {
  if (pusher === step) return undefined;
  const asked = conditionsOf(step);
  const forgiven = memberOf(pusher, 'continue-on-error') !== undefined;
  const ended = forgiven ? 'outcome' : '(?:outcome|conclusion)';
  const well = new RegExp(`^steps\\.${pusher.id}\\.${ended}\\s*==\\s*'success'$`);
  if (pusher.id !== undefined && asked.some((each) => well.test(each))) return undefined;
  if (forgiven || runsAfterFailure(step))
    return 'it restarts what a tag points to, also where the step that pushes the image has failed';
  return precedes(pusher, step)
    ? undefined
    : 'it restarts what a tag points to, also where the step that pushes the image does not run: the two have another `if`';
}

/** Why a restart may run where a condition of a script has built nothing. */
function whyInBranch(build: NewStep, { by }: Replaced): string | undefined {
  const { when } = build;
  return when === undefined || isLoaded(build) || by.filter(isOpen).every((step) => step.when === when)
    ? undefined
    : 'it restarts what a tag points to, also where a condition of a script builds no image';
}

function whyElsewhere(job: Job, pusher: Step, step: Step): string | undefined {
  return sameCredentials(job, pusher, step)
    ? undefined
    : 'it restarts what a tag points to, with other AWS credentials than those that push the image';
}

const isSaid = (why: string | undefined) => why !== undefined;

function freeId({ steps }: Job): string {
  const taken = new Set(steps.map(({ id }) => id));
  return taken.has(ID) ? `${ID}-2` : ID;
}

function filled(decision: Replaced, build: NewStep, id: string): Replaced {
  const by = decision.by.map((step) => (step === build ? { ...step, id } : step));
  return named({ ...decision, by }, `\${{ steps.${id}.outputs.image }}`);
}

function named(decision: Replaced, image: string): Replaced {
  const by = decision.by.map((step) => {
    if (!isOpen(step)) return step;
    const inputs = step.inputs.map(
      ([name, value]) => [name, name === 'images' && value === '' ? image : value] as const,
    );
    return { ...step, inputs };
  });
  return { ...decision, by };
}

/**
 * The name under which commands push the image of the one build that the job has, if it loads that image: a deploy resolves its
 * tag at ECR. Nothing if other images may be pushed, or a shell alone knows the name.
 */
function pushedByCommand(
  workflow: Workflow,
  job: Job,
  { step, build }: Made,
  deploy: Step,
): string | undefined {
  if (!isLoaded(build)) return undefined;
  const after = job.steps.filter(({ from }) => from >= step.from);
  if (after.some(({ run }) => /\bdocker\s+(?:pull|load|import|compose)\b/.test(run ?? ''))) return undefined;
  const names = after.flatMap((each) =>
    each.from > deploy.from && pushes(each.run)
      ? [undefined] // only after the restart
      : pushesOf({ workflow, job, step: each }),
  );
  const known = names.flatMap((name) => name ?? []);
  const repositories = new Set(known.map((name) => repositoryOf(name)));
  return known.length === names.length && repositories.size === 1 ? known[0] : undefined;
}

const PUSH = /\bdocker\s+(?:image\s+)?push\b/;

const pushes = (script = '') => PUSH.test(asOneLine(script));

/** Whether the image only goes into the runner's Docker, for commands to push. */
const isLoaded = (build: NewStep) => inputOf(build, 'load') === 'true' && inputOf(build, 'push') === 'false';

/** What the commands of a step push by name; nothing in place of a name that only a shell knows. */
function pushesOf(around: Surroundings): readonly (string | undefined)[] {
  const statements = readScript(around.step.run ?? '');
  if (typeof statements === 'string') return [undefined];
  const variables = new ScriptVariables(ofEnvironment(around));
  const restart = statements.findIndex(({ own }) => /\becs\s+update-service\b/.test(own));
  return statements.flatMap((statement, index) => {
    variables.follow(statement, '');
    if (!pushes(statement.own)) return [];
    if (restart >= 0 && index > restart) return [undefined];
    const used: HandedOn[] = [];
    const word = startsWith(statement, 'docker', 'push') ? statement.words.slice(2) : [];
    const name = word.length === 1 ? expand(word[0] ?? [], variables, used) : { why: '' };
    return ['why' in name || used.length > 0 ? undefined : inlinedText(name.text, around.step)];
  });
}
