import { precedes } from '../conditions.ts';
import { type Decision, inputOf, isOurBuild, leaves, type NewStep } from '../new-step.ts';
import { actionOf, type Job, memberOf, type Step } from '../workflow.ts';

type Decisions = Map<Step, Decision>;
type Replaced = Decision & { readonly kind: 'replaced' };

const BUILDX = 'docker/setup-buildx-action';
const BUILDX_RELEASE = '37fe631027851001ddb9b187196cc803df7f5f0e # v4.3.0';

/** A builder that was added: the step before which it stands, and its id where only our builds are to use it. */
interface Added {
  readonly step: Step;
  readonly id: string | undefined;
}

/**
 * A Dockerfile with RUN needs a builder of buildx: the job sets one up before each build that may have none yet. Where other steps
 * build too, they stay with the builder that they had.
 */
export function addBuilders(job: Job, decisions: Decisions): Decisions {
  const added: Added[] = [];
  for (const step of job.steps) {
    const decision = decisions.get(step);
    if (decision?.kind !== 'replaced' || !decision.by.some(isOurBuild) || hasBuilder(job, step)) continue;
    const there = added.find((each) => isSetUpFor(each.step, step, job));
    const apart = job.steps.some((each) => buildsItself(each, decisions));
    const id = there ? there.id : apart ? freeId(job, added.length) : undefined;
    decisions.set(step, withBuilder(decision, step, { id, there: there !== undefined }));
    if (!there) added.push({ step, id });
  }
  return decisions;
}

function freeId({ steps }: Job, before: number): string {
  const taken = steps.map(({ id }) => id);
  const ids = ['image-builder', `image-builder-${before + 1}`, `image-builder-${steps.length + before}`];
  return ids.slice(before === 0 ? 0 : 1).find((id) => !taken.includes(id)) ?? ids[2] ?? '';
}

function withBuilder(
  decision: Replaced,
  { env }: Step,
  { id, there }: { readonly id: string | undefined; readonly there: boolean },
): Replaced {
  const added: NewStep = {
    does: { kind: 'theirs', uses: `${BUILDX}@${BUILDX_RELEASE}` },
    id,
    suffix: '',
    inputs: id === undefined ? [] : [['use', 'false']],
    env: Object.entries(env).filter(([name]) => /^(?:DOCKER|BUILDX|BUILDKIT)_/.test(name)),
  };
  const by = id === undefined ? decision.by : decision.by.map((step) => buildingWith(step, id));
  const at = by.findIndex(isOurBuild);
  return { ...decision, by: there ? by : [...by.slice(0, at), added, ...by.slice(at)] };
}

function buildingWith(step: NewStep, id: string): NewStep {
  if (!isOurBuild(step) || inputOf(step, 'builder') !== undefined) return step;
  return {
    ...step,
    inputs: [...step.inputs, ['builder', 'buildx']],
    env: [...step.env, ['BUILDX_BUILDER', `\${{ steps.${id}.outputs.name }}`]],
  };
}

/** Whether a step that stays builds with the builder that is chosen. */
function buildsItself(step: Step, decisions: ReadonlyMap<Step, Decision>): boolean {
  const decision = decisions.get(step);
  if ((decision?.kind === 'replaced' && !leaves(decision)) || decision?.kind === 'merged') return false;
  return (
    /\bdocker(?:\s+buildx\s+(?:build|b|bake)|[ -]compose\b[^\n]*\b(?:build|--build))\b/.test(
      step.run ?? '',
    ) || /^docker\/(?:build-push|bake)-action$/.test(actionOf(step) ?? '')
  );
}

/** Whether the job itself sets up a builder for this step. */
function hasBuilder(job: Job, step: Step): boolean {
  const before = job.steps.filter((each) => each.from < step.from && actionOf(each) === BUILDX);
  return before.some((each) => isSetUpFor(each, step, job));
}

/** Whether a builder is there wherever a later step runs. The action that builds depended on it before. */
function isSetUpFor(builder: Step, step: Step, job: Job): boolean {
  if (actionOf(builder) === BUILDX && actionOf(step) === 'docker/build-push-action') return true;
  return memberOf(builder, 'if') === memberOf(step, 'if') || precedes(builder, step, job);
}
