import { type Decision, inputOf, isOurBuild, leaves, type NewStep } from '../new-step.ts';
import { actionOf, type Job, type Step } from '../workflow.ts';
import { BUILDS } from './commands.ts';

type Decisions = ReadonlyMap<Step, Decision>;
type Replaced = Decision & { readonly kind: 'replaced' };

/** What asks Docker for images. Signing in and out, and looking at anything else, does not. */
const USES =
  /\bdocker\s+(?!(?:login|logout|version|info|ps|images|buildx|context|network|volume|system|builder|manifest|plugin)\b)|\bdocker-compose\b|\b(?:trivy|grype|syft|dockle|snyk|dive|hadolint|container-structure-test|dgoss)\b/;
const LOOKS = /trivy|grype|anchore|snyk|scan|sbom|syft|dockle|docker|container|image/i;
const KNOWN = [
  ...[
    'docker/setup-buildx-action',
    'docker/setup-qemu-action',
    'docker/login-action',
    'docker/metadata-action',
  ],
  ...['aws-actions/amazon-ecs-render-task-definition', 'docker/build-push-action'],
];
/** Only Docker's own push writes the digest that these ask for. */
const ASKS_DIGEST = /RepoDigests|--digests\b/;

/**
 * Steps that build or push and cannot become one step of ours, where the image may stay in the runner's Docker: the build is
 * one of ours, and the commands that tag it and push it stay.
 */
export function stepsThatLoad(job: Job, decisions: Decisions): ReadonlySet<Step> {
  const left = job.steps.filter((step) => leaves(decisions.get(step)) && /\bdocker\b/.test(step.run ?? ''));
  const digest = job.steps.filter(({ run }) => ASKS_DIGEST.test(run ?? ''));
  const last = [...left, ...digest].reduce((line, { from }) => Math.max(line, from), -1);
  const builds = job.steps.filter(
    (step) => step.from <= last && (BUILDS.test(step.run ?? '') || leavesImage(job, step)),
  );
  const unfinished = builds.filter(
    (step) => decisions.get(step)?.kind !== 'replaced' || leaves(decisions.get(step)),
  );
  return new Set([...left, ...unfinished, ...(digest.length > 0 ? builds : [])]);
}

/** Whether the action builds an image that it does not push, and that is in Docker then. */
function leavesImage(job: Job, step: Step): boolean {
  if (actionOf(step) !== 'docker/build-push-action') return false;
  const pushes = !['', 'false'].includes((step.with['push'] ?? '').trim());
  return !pushes && (step.with['load'] === 'true' || wasOnTheRunner(job, step));
}

/** Whether commands of this step find the images of the steps before it in Docker: every build before it is one of ours, which loads it. */
export function findsImages(job: Job, step: Step, decisions: Decisions): boolean {
  const before = job.steps.filter((each) => each.from < step.from);
  const builds = before.filter(isBuild);
  const replaced = builds.every((each) => ['replaced', 'merged'].includes(decisions.get(each)?.kind ?? ''));
  const loads = builds.length > 0 || before.some(isOurs) || isBuild(step);
  return replaced && loads;
}

function isBuild(step: Step): boolean {
  return BUILDS.test(step.run ?? '') || actionOf(step) === 'docker/build-push-action';
}

/** A build of this project that loads its image: the file was migrated before. */
function isOurs(step: Step): boolean {
  return /\/actions\/build-and-scan-image$/.test(actionOf(step) ?? '') && step.with['load'] === 'true';
}

/** A build of ours leaves no image in the runner's Docker, so it loads one where a step after it may ask Docker for it. */
export function loadForOthers(job: Job, decisions: Map<Step, Decision>): void {
  for (const [step, decision] of decisions) {
    if (decision.kind !== 'replaced' || !wasOnTheRunner(job, step)) continue;
    decisions.set(step, { ...decision, by: loading(decision, isUsedAfter(job, step, decisions)) });
  }
}

/** Whether a step after this one may ask Docker for its image. */
function isUsedAfter(job: Job, step: Step, decisions: Decisions): boolean {
  return job.steps.some(
    (each) => each.from > step.from && decisions.get(each)?.kind !== 'merged' && uses(each, decisions),
  );
}

/** A step stays where a name that only the runner's Docker knows would be lost, and a step after it may ask for that. */
export function leaveLocalNames(job: Job, decisions: Map<Step, Decision>): Map<Step, Decision> {
  for (const [step, decision] of decisions) {
    const name = decision.kind === 'replaced' ? decision.local?.[0] : undefined;
    if (name !== undefined && isUsedAfter(job, step, decisions))
      decisions.set(step, {
        kind: 'left',
        why: `nobody pushes its name ${name}, and a step after it may use that in Docker`,
      });
  }
  return decisions;
}

/** Tells where a build of ours may be made from an image that only the runner's Docker has. */
export function tellLocalBases(job: Job, decisions: Map<Step, Decision>): void {
  for (const [step, decision] of decisions) {
    if (decision.kind !== 'replaced' || !wasOnTheRunner(job, step)) continue;
    const before = job.steps.filter((each) => each.from < step.from && keepsImage(each, decisions));
    const own = loadedBy(decision).length;
    if (decision.by.some(isOurBuild) && (before.length > 0 || own > 1))
      decisions.set(step, { ...decision, notes: [...decision.notes, LOCAL_BASE] });
  }
}

const LOCAL_BASE =
  "The job also builds an image into the runner's Docker. If the Dockerfile of this build has that image in `FROM`, push it first, or keep the old step: a builder of buildx does not see Docker's images.";

/** Whether a step builds an image that it does not push. */
function keepsImage(step: Step, decisions: Decisions): boolean {
  const decision = decisions.get(step);
  if (decision?.kind === 'merged') return false;
  return decision?.kind === 'replaced' && !leaves(decision)
    ? loadedBy(decision).length > 0
    : BUILDS.test(step.run ?? '');
}

function loadedBy({ by }: Replaced): readonly NewStep[] {
  return by.filter((step) => isOurBuild(step) && inputOf(step, 'push') === 'false');
}

/** Whether the old build left its image in Docker: a command did, and the action where no builder was set up. */
function wasOnTheRunner({ steps }: Job, step: Step): boolean {
  if (actionOf(step) !== 'docker/build-push-action') return step.run !== undefined;
  return !steps.some((each) => each.from < step.from && actionOf(each) === 'docker/setup-buildx-action');
}

function uses(step: Step, decisions: Decisions): boolean {
  const decision = decisions.get(step);
  if (decision?.kind === 'replaced')
    return decision.by.some(({ does }) => does.kind === 'script' && USES.test(does.script));
  if (step.run !== undefined) return USES.test(step.run);
  const action = actionOf(step) ?? '';
  return LOOKS.test(action) && !KNOWN.includes(action);
}

function loading({ by }: Replaced, after: boolean): readonly NewStep[] {
  return by.map((step, index) => {
    const later = by.slice(index + 1).some(({ does }) => does.kind === 'script' && USES.test(does.script));
    const several = /[,\n]/.test(inputOf(step, 'platforms') ?? '');
    if (!isOurBuild(step) || !(after || later) || inputOf(step, 'load') !== undefined || several) return step;
    return { ...step, inputs: [...step.inputs, ['load', 'true'] as const] };
  });
}
