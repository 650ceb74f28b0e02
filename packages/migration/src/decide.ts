import { fromBuildPushAction } from './build/from-build-push-action.ts';
import { DEPLOY, fromDeployAction } from './deploy/from-deploy-action.ts';
import { mergeWait } from './deploy/merge-waits.ts';
import { namePushedImages } from './deploy/name-pushed-image.ts';
import { RENDER, rendersBehind } from './deploy/render.ts';
import { whyApart } from './deploy/render-apart.ts';
import { fromEcrScanImage, SCAN } from './gate/from-ecr-scan-image.ts';
import { type Decision, replacedBy } from './new-step.ts';
import { isHarmlessBetween } from './scripts/between.ts';
import { fromScript, type Pending } from './scripts/from-script.ts';
import type { Surroundings } from './scripts/variables.ts';
import {
  actionOf,
  type Job,
  labelOf,
  memberOf,
  otherVariable,
  type Step,
  type Workflow,
} from './workflow.ts';

const BUILDX = 'docker/setup-buildx-action';
const BUILDX_RELEASE = '37fe631027851001ddb9b187196cc803df7f5f0e # v4.3.0';

/** Actions that do what ours do, and that this command does not read. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^docker\/bake-action$/, 'a bake file decides what it builds'],
  [/^(?:silintl|silinternational|sil-org|fabfuel)\/|ecs-deploy/, 'this command does not read this action'],
  [
    /(?:^|\/)(?:amazon-)?ecr-(?:push|deploy|build)|push-to-ecr|docker-ecr/,
    'this command does not read this action',
  ],
];
/** Scanners and signers that look at an image. */
const BESIDE: readonly (readonly [RegExp, string])[] = [
  [
    /^aquasecurity\/trivy-action$/,
    'it scans with a program and a database of its own; gate-on-ecr-findings judges what ECR found',
  ],
  [
    /^anchore\/scan-action$/,
    'it scans with a program and a database of its own; gate-on-ecr-findings judges what ECR found',
  ],
  [
    /vulnerability-scan-github-action-for-amazon-inspector$/,
    'it scans with a program of its own; gate-on-ecr-findings judges what ECR found',
  ],
];

/** What becomes of each step of a job, before anybody looks whether others need what it had. Steps that are none of ours have none. */
export function decideJob(workflow: Workflow, job: Job): Map<Step, Decision> {
  const decisions = new Map<Step, Decision>();
  const pending: Pending = { built: new Map(), stepOf: new Map(), taggers: new Map() };
  for (const [index, step] of job.steps.entries()) {
    const free = decideStep({ workflow, job, step }, index, pending);
    const apart = free?.kind === 'replaced' ? whyBuiltApart({ workflow, job, step }, pending) : undefined;
    const decision: Decision | undefined = apart === undefined ? free : { kind: 'left', why: apart };
    if (decision) decisions.set(step, decision);
    if (decision?.kind !== 'replaced') continue;
    for (const [part, from] of pending.stepOf) {
      if (part.pushed.length === 0) continue;
      for (const each of [from, ...(pending.taggers.get(part) ?? [])]) merge(each, step, decisions);
      pending.stepOf.delete(part);
    }
  }
  for (const step of job.steps) if (!decisions.has(step)) mergeWait({ workflow, job, step }, decisions);
  namePushedImages(job, decisions);
  return addBuildx(job, decisions);
}

function decideStep(around: Surroundings, index: number, pending: Pending): Decision | undefined {
  const { step } = around;
  const decision = decideFree(around, index, pending);
  if (decision?.kind !== 'replaced' || step.fixed === undefined) return decision;
  return { kind: 'left', why: step.fixed };
}

function decideFree(around: Surroundings, index: number, pending: Pending): Decision | undefined {
  const { step, job } = around;
  if (step.run !== undefined) return fromScript(around, step.id ?? `step-${index + 1}`, pending);
  const action = actionOf(step);
  if (action === undefined) return undefined;
  if (action === 'docker/build-push-action') return drafted(fromBuildPushAction(around), step);
  if (action === SCAN) return drafted(fromEcrScanImage(around), step);
  if (action === DEPLOY) {
    const renders = rendersBehind(step.with['task-definition'] ?? '', job, step.from);
    const apart = renders.map((render) => whyApart(render, around)).find((why) => why !== undefined);
    if (apart !== undefined) return { kind: 'left', why: apart };
    return drafted(
      fromDeployAction(around),
      step,
      renders.flatMap(({ id }) => id ?? []),
    );
  }
  if (action === RENDER) return { kind: 'kept', why: 'no deploy that this command replaces reads its file' };
  const other = OTHERS.find(([name]) => name.test(action));
  if (other) return { kind: 'left', why: other[1] };
  const beside = BESIDE.find(([name]) => name.test(action));
  return beside && { kind: 'kept', why: beside[1] };
}

function drafted(
  draft: ReturnType<typeof fromDeployAction>,
  step: Step,
  rendersOf: readonly string[] = [],
): Decision {
  if ('left' in draft) return { kind: 'left', why: draft.left };
  if ('kept' in draft) return { kind: 'kept', why: draft.kept };
  return replacedBy(draft, step.id, rendersOf);
}

/** Why the build of an earlier step cannot move to the step that pushes it. */
function whyBuiltApart(
  { workflow, job, step }: Surroundings,
  { stepOf, taggers }: Pending,
): string | undefined {
  for (const [part, from] of stepOf) {
    if (part.pushed.length === 0 || from === step) continue;
    if (memberOf(from, 'if') !== memberOf(step, 'if'))
      return `the step "${labelOf(from)}" that builds it has another \`if\``;
    const other = otherVariable(from, step);
    if (other !== undefined)
      return `the step "${labelOf(from)}" that builds it has another \`${other}\` in its \`env\``;
    if (from.fixed !== undefined) return `of the step "${labelOf(from)}" that builds it: ${from.fixed}`;
    const between = job.steps.find(
      (each) =>
        each.from > from.from &&
        each.from < step.from &&
        !taggers.get(part)?.includes(each) &&
        !isHarmlessBetween(workflow, job, each),
    );
    if (between)
      return `the step "${labelOf(between)}" between the build and its push may use the image or change its files`;
  }
  return undefined;
}

/** The build of an earlier step is in the step that pushes it. */
function merge(from: Step, into: Step, decisions: Map<Step, Decision>): void {
  if (from === into) return;
  decisions.set(from, { kind: 'merged', into: labelOf(into), rows: [] });
}

/** A Dockerfile with RUN needs a builder of buildx: the job sets one up before its first build, if it does not yet. */
function addBuildx(job: Job, decisions: Map<Step, Decision>): Map<Step, Decision> {
  const first = job.steps.find((step) => builds(decisions.get(step)));
  const decision = first && decisions.get(first);
  const setUp = job.steps.some((step) => first && step.from < first.from && actionOf(step) === BUILDX);
  if (!first || decision?.kind !== 'replaced' || setUp) return decisions;
  const added = {
    does: { kind: 'theirs', uses: `${BUILDX}@${BUILDX_RELEASE}` },
    id: undefined,
    suffix: '',
    inputs: [],
    env: Object.entries(first.env).filter(([name]) => /^(?:DOCKER|BUILDX|BUILDKIT)_/.test(name)),
  } as const;
  const at = decision.by.findIndex(
    ({ does }) => does.kind === 'ours' && does.action === 'build-and-scan-image',
  );
  return decisions.set(first, {
    ...decision,
    by: [...decision.by.slice(0, at), added, ...decision.by.slice(at)],
  });
}

function builds(decision: Decision | undefined): boolean {
  return (
    decision?.kind === 'replaced' &&
    decision.by.some(({ does }) => does.kind === 'ours' && does.action === 'build-and-scan-image')
  );
}
