import { repositoryOf } from '../build/image-names.ts';
import type { Decision, NewStep } from '../new-step.ts';
import { expand, type HandedOn, startsWith } from '../scripts/expand.ts';
import { readScript } from '../scripts/read-script.ts';
import { ofEnvironment, ScriptVariables, type Surroundings } from '../scripts/variables.ts';
import { type Job, memberOf, type Step, type Workflow } from '../workflow.ts';
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
  for (const step of job.steps) {
    const decision = decisions.get(step);
    if (decision?.kind !== 'replaced' || !decision.by.some(isOpen)) continue;
    const builds = job.steps
      .filter(({ from }) => from <= step.from)
      .flatMap((each) => buildsOf(decisions.get(each)).map((build) => ({ step: each, build })));
    const [only, ...more] = builds;
    const alike = whyIf(only?.step, step) === undefined;
    const byCommand =
      only && more.length === 0 && alike ? pushedByCommand(workflow, job, only, step) : undefined;
    if (only !== undefined && byCommand !== undefined) {
      decisions.set(step, { ...named(decision, byCommand), needs: only.step });
      continue;
    }
    const why = whyNot(builds.length, only?.build) ?? whyIf(only?.step, step);
    if (only === undefined || more.length > 0 || why !== undefined) {
      decisions.set(step, { kind: 'left', why: why ?? '' });
      continue;
    }
    const id = only.build.id ?? freeId(job);
    for (const each of new Set([only.step, step])) {
      const of = decisions.get(each);
      if (of?.kind === 'replaced')
        decisions.set(each, { ...filled(of, only.build, id), ...(each === step && { needs: only.step }) });
    }
  }
}

/** Whether the step must still be told which image. */
function isOpen({ inputs }: NewStep): boolean {
  return inputs.some(([name, value]) => name === 'images' && value === '');
}

function buildsOf(decision: Decision | undefined): readonly NewStep[] {
  if (decision?.kind !== 'replaced') return [];
  return decision.by.filter(({ does }) => does.kind === 'ours' && does.action === 'build-and-scan-image');
}

function whyNot(count: number, build: NewStep | undefined): string | undefined {
  const write =
    'write `images: REGISTRY/REPOSITORY:TAG` and `resolve: tag` into a step of deploy-ecs-service';
  if (count === 0) return `it restarts what a tag points to, and this job does not say which image: ${write}`;
  if (count > 1) return `it restarts what a tag points to, and this job pushes ${count} images: ${write}`;
  const push = build?.inputs.find(([name]) => name === 'push')?.[1];
  return push === 'true'
    ? undefined
    : `it restarts what a tag points to, and an expression decides whether the job pushes one: ${write}`;
}

/** A restart may run where the build does not. */
function whyIf(build: Step | undefined, step: Step): string | undefined {
  const [built, asked] = [build && conditionsOf(build), conditionsOf(step)];
  if (built?.length === 0 || !build) return undefined;
  const well = new RegExp(`^steps\\.${build.id}\\.(?:outcome|conclusion)\\s*==\\s*'success'$`);
  const alike = built?.every((each) => asked.includes(each)) || asked.some((each) => well.test(each));
  return alike
    ? undefined
    : 'it restarts what a tag points to, also where the step that pushes the image does not run: the two have another `if`';
}

/** What must all hold for a step to run. A condition with alternatives is one. */
function conditionsOf(step: Step): readonly string[] {
  const text = (memberOf(step, 'if') ?? '').replace(/^if:/, '').replace(/\s#.*$/gm, '');
  const plain = text.replace(/^\s*(?:[|>]-?)?\s*\$\{\{(.*)\}\}\s*$/s, '$1');
  const parts = plain.includes('||') ? [plain] : plain.split('&&');
  return parts.map((each) => each.replace(/\s+/g, ' ').trim()).filter((each) => each !== '');
}

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
  const given = (name: string) => build.inputs.find(([input]) => input === name)?.[1];
  if (given('load') !== 'true' || given('push') !== 'false') return undefined;
  const after = job.steps.filter(({ from }) => from >= step.from);
  if (after.some(({ run }) => /\bdocker\s+(?:pull|load|import|compose)\b/.test(run ?? ''))) return undefined;
  const names = after.flatMap((each) =>
    each.from > deploy.from && PUSH.test(each.run ?? '')
      ? [undefined] // only after the restart
      : pushesOf({ workflow, job, step: each }),
  );
  const known = names.flatMap((name) => name ?? []);
  const repositories = new Set(known.map((name) => repositoryOf(name)));
  return known.length === names.length && repositories.size === 1 ? known[0] : undefined;
}

const PUSH = /\bdocker\s+(?:image\s+)?push\b/;

/** What the commands of a step push by name; nothing in place of a name that only a shell knows. */
function pushesOf(around: Surroundings): readonly (string | undefined)[] {
  const statements = readScript(around.step.run ?? '');
  if (typeof statements === 'string') return [undefined];
  const variables = new ScriptVariables(ofEnvironment(around));
  const restart = statements.findIndex(({ own }) => /\becs\s+update-service\b/.test(own));
  return statements.flatMap((statement, index) => {
    variables.follow(statement, '');
    if (!PUSH.test(statement.own)) return [];
    if (restart >= 0 && index > restart) return [undefined];
    const used: HandedOn[] = [];
    const word = startsWith(statement, 'docker', 'push') ? statement.words.slice(2) : [];
    const name = word.length === 1 ? expand(word[0] ?? [], variables, used) : { why: '' };
    return ['why' in name || used.length > 0 ? undefined : inlinedText(name.text, around.step)];
  });
}
