import { repositoryOf } from '../build/image-names.ts';
import { type Decision, inputOf, isOurBuild, leaves, type NewStep } from '../new-step.ts';
import { pushes } from '../scripts/pushed-names.ts';
import { resolved, type Surroundings } from '../scripts/variables.ts';
import type { Step } from '../workflow.ts';
import { imagesThatStay } from './images-that-stay.ts';
import { inlinedText } from './render.ts';

type Decisions = ReadonlyMap<Step, Decision>;

/** An image that the job pushes before a restart. */
export interface PushedImage {
  /** Under which name a deploy finds it; the build of ours that tells it in its output. */
  readonly image: string | NewStep;
  /** The steps without which it is not in ECR. */
  readonly by: readonly Step[];
  readonly notes: readonly string[];
}

interface Made {
  readonly step: Step;
  readonly build: NewStep;
}

/** Every image that the job pushes to ECR up to a restart; or why that is not certain. */
export function pushedImages(
  around: Surroundings,
  decisions: Decisions,
): readonly PushedImage[] | { readonly why: string } {
  const { job, step } = around;
  const builds = job.steps
    .filter(({ from }) => from <= step.from)
    .flatMap((each) => buildsOf(decisions.get(each)).map((build) => ({ step: each, build })));
  const [only, ...more] = builds;
  if (only && more.length === 0 && isLoaded(only.build)) return loaded(around, only);
  const staying = imagesThatStay(stepsThatStay(around, decisions), around);
  if ('why' in staying) return staying;
  const undecided = builds.map(({ build }) => whyUndecided(build)).find((each) => each !== undefined);
  if (undecided !== undefined) return { why: undecided };
  const images = [
    ...builds.map(({ step: by, build }) => ({ image: build, by: [by], notes: [] })),
    ...staying,
  ];
  if (images.length === 0) return { why: 'the job pushes no image before it' };
  const repositories = images.map((each) => repositoryOfImage(each, around));
  const twice = repositories.find((each, at) => repositories.indexOf(each) < at);
  return twice === undefined
    ? images
    : { why: `the job pushes ${images.length} images, several of them to ${twice}` };
}

/** Steps up to this one in which commands or other actions may push an image. */
function stepsThatStay({ job, step }: Surroundings, decisions: Decisions): readonly Step[] {
  return job.steps.filter((each) => {
    const decision = decisions.get(each);
    const ours = decision?.kind === 'replaced' || decision?.kind === 'merged';
    return each.from <= step.from && (!ours || leaves(decision));
  });
}

function buildsOf(decision: Decision | undefined): readonly NewStep[] {
  if (decision?.kind !== 'replaced') return [];
  return decision.by.filter(isOurBuild);
}

function repositoryOfImage({ image, by: [from] }: PushedImage, around: Surroundings): string {
  if (typeof image === 'string') return resolved(repositoryOf(image), around);
  const [tag = ''] = (inputOf(image, 'tags') ?? '').split('\n');
  return resolved(repositoryOf(from ? inlinedText(tag, from) : tag), around);
}

function whyUndecided(build: NewStep): string | undefined {
  const push = inputOf(build, 'push');
  if (push === 'true') return undefined;
  return push === 'false'
    ? 'this file does not say what the job pushes before it'
    : 'an expression decides whether the job pushes one';
}

/** The image of the one build of the job, which goes into the runner's Docker, and which commands push from there. */
function loaded(
  around: Surroundings,
  { step: from }: Made,
): readonly PushedImage[] | { readonly why: string } {
  const { job, step } = around;
  const after = job.steps.filter((each) => each.from >= from.from);
  const others = after.some(({ run }) => /\bdocker\s+(?:pull|load|import|compose)\b/.test(run ?? ''));
  const late = after.some((each) => each.from > step.from && pushes(each.run));
  const images =
    others || late
      ? []
      : imagesThatStay(
          after.filter((each) => each.from <= step.from),
          around,
        );
  if ('why' in images) return images;
  const [image, ...more] = images;
  if (image === undefined || more.length > 0)
    return { why: 'this file does not say what the job pushes before it' };
  return [{ ...image, by: [from, ...image.by] }];
}

/** Whether the image only goes into the runner's Docker, for commands to push. */
const isLoaded = (build: NewStep) => inputOf(build, 'load') === 'true' && inputOf(build, 'push') === 'false';
