import type { Decision, NewStep } from '../new-step.ts';
import type { Job, Step } from '../workflow.ts';

type Replaced = Decision & { readonly kind: 'replaced' };

/** An id for a build that had none, when a deploy needs its image. */
const ID = 'pushed-image';

/**
 * Deploys that restarted what a moving tag points to name the image that the job has just pushed. A restart alone would find
 * the same digest again and again, because a deploy of ours names its image by digest.
 */
export function namePushedImages(job: Job, decisions: Map<Step, Decision>): void {
  for (const step of job.steps) {
    const decision = decisions.get(step);
    if (decision?.kind !== 'replaced' || !decision.by.some(isOpen)) continue;
    const builds = job.steps
      .filter(({ from }) => from <= step.from)
      .flatMap((each) => buildsOf(decisions.get(each)).map((build) => ({ step: each, build })));
    const [only, ...more] = builds;
    const why = whyNot(builds.length, only?.build);
    if (only === undefined || more.length > 0 || why !== undefined) {
      decisions.set(step, { kind: 'left', why: why ?? '' });
      continue;
    }
    const id = only.build.id ?? freeId(job);
    for (const each of new Set([only.step, step])) {
      const of = decisions.get(each);
      if (of?.kind === 'replaced') decisions.set(each, filled(of, only.build, id));
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

function freeId({ steps }: Job): string {
  const taken = new Set(steps.map(({ id }) => id));
  return taken.has(ID) ? `${ID}-2` : ID;
}

function filled(decision: Replaced, build: NewStep, id: string): Replaced {
  return {
    ...decision,
    by: decision.by.map((step) => {
      if (step === build) return { ...step, id };
      if (!isOpen(step)) return step;
      const inputs = step.inputs.map(
        ([name, value]) =>
          [name, name === 'images' && value === '' ? `\${{ steps.${id}.outputs.image }}` : value] as const,
      );
      return { ...step, inputs };
    }),
  };
}
