import { repositoryOf } from '../build/image-names.ts';
import { type Decision, inputOf, isOurBuild, leaves, type NewStep } from '../new-step.ts';
import { asOneLine } from '../scripts/commands.ts';
import { expand, type HandedOn, startsWith } from '../scripts/expand.ts';
import { readScript } from '../scripts/read-script.ts';
import { ofEnvironment, resolved, ScriptVariables, type Surroundings } from '../scripts/variables.ts';
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
function loaded(around: Surroundings, made: Made): readonly PushedImage[] | { readonly why: string } {
  const { job } = around;
  const name = pushedByCommand(around, made);
  if (name === undefined) return { why: 'this file does not say what the job pushes before it' };
  const by = job.steps.filter((each) => each.from > made.step.from && pushes(each.run));
  return [{ image: name, by: [made.step, ...by], notes: [] }];
}

/**
 * The name under which commands push the image of the one build that the job has: a deploy resolves its tag at ECR. Nothing if
 * other images may be pushed, or a shell alone knows the name.
 */
function pushedByCommand({ workflow, job, step: deploy }: Surroundings, { step }: Made): string | undefined {
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
