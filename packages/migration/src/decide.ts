import { addBuilders } from './build/builders.ts';
import { copyStep } from './build/copy.ts';
import { fromBuildPushAction } from './build/from-build-push-action.ts';
import { DEPLOY, fromDeployAction } from './deploy/from-deploy-action.ts';
import { nameOfNobody } from './deploy/images-that-stay.ts';
import { mergeWait } from './deploy/merge-waits.ts';
import { namePushedImages } from './deploy/name-pushed-image.ts';
import { RENDER, rendersBehind } from './deploy/render.ts';
import { whyApart } from './deploy/render-apart.ts';
import { fromEcrScanImage, SCAN } from './gate/from-ecr-scan-image.ts';
import { type Decision, idOf, leaves, numbered, replacedBy } from './new-step.ts';
import { isHarmlessBetween } from './scripts/between.ts';
import { onlyPushes } from './scripts/commands.ts';
import { fromScript } from './scripts/from-script.ts';
import {
  findsImages,
  leaveLocalNames,
  loadForOthers,
  stepsThatLoad,
  tellLocalBases,
} from './scripts/on-the-runner.ts';
import { type Pending, remember } from './scripts/pending.ts';
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
  const pushed = leaveLocalNames(job, decideEach(workflow, job, new Set()));
  const loads = stepsThatLoad(job, pushed);
  const loaded = loads.size > 0 ? leaveLocalNames(job, decideEach(workflow, job, loads)) : pushed;
  const decisions = leftIn(loaded) < leftIn(pushed) ? loaded : pushed;
  for (const step of job.steps) if (!decisions.has(step)) mergeWait({ workflow, job, step }, decisions);
  loadForOthers(job, decisions);
  tellLocalBases(job, decisions);
  namePushedImages(workflow, job, decisions);
  return addBuilders(job, decisions);
}

function leftIn(decisions: ReadonlyMap<Step, Decision>): number {
  return [...decisions.values()].filter(leaves).length;
}

const PUSHES_LOADED = 'it pushes what the new step before it loads into Docker';

/** Each step in its turn; the images of `loads` stay in the runner's Docker. */
function decideEach(workflow: Workflow, job: Job, loads: ReadonlySet<Step>): Map<Step, Decision> {
  const decisions = new Map<Step, Decision>();
  const pending: Omit<Pending, 'loads'> = { built: new Map(), stepOf: new Map(), taggers: new Map() };
  for (const [index, step] of job.steps.entries()) {
    const around = { workflow, job, step };
    const forget = remember(pending.built);
    const stays = loads.has(step) && findsImages(job, step, decisions);
    const decided =
      stays && onlyPushes(step.run ?? '')
        ? ({ kind: 'kept', why: PUSHES_LOADED } as const)
        : decideStep(around, index, { ...pending, loads: stays });
    const loaded = stays ? withoutNobodys(decided, around) : decided;
    const apart = loaded?.kind === 'replaced' ? whyBuiltApart(around, pending) : undefined;
    if (apart !== undefined) forget();
    const decision: Decision | undefined = apart === undefined ? loaded : { kind: 'left', why: apart };
    if (decision) decisions.set(step, decision);
    if (decision?.kind !== 'replaced') continue;
    for (const [part, from] of pending.stepOf) {
      if (part.pushed.length === 0) continue;
      for (const each of [from, ...(pending.taggers.get(part) ?? [])]) merge(each, step, decisions);
      pending.stepOf.delete(part);
    }
  }
  return decisions;
}

/** Where commands push what is in Docker: what they push must have come there. */
function withoutNobodys(decision: Decision | undefined, around: Surroundings): Decision | undefined {
  const name = nameOfNobody(around);
  if (name === undefined || decision === undefined) return decision;
  const why = `\`docker push ${name}\` pushes what no build of this job that can be replaced has made`;
  return decision.kind === 'replaced' ? { ...decision, stays: why } : { kind: 'left', why };
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
  if (action === 'docker/build-push-action') return builtByAction(around, pending.loads);
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

/** docker/build-push-action, with the step that copies its image to other registries. */
function builtByAction(around: Surroundings, loads: boolean): Decision {
  const { job, step } = around;
  const draft = fromBuildPushAction(around, loads);
  const others = 'action' in draft ? (draft.others ?? []) : [];
  if (!('action' in draft) || others.length === 0) return drafted(draft, step);
  const decision = replacedBy(draft, idOf(job, step));
  return { ...decision, by: numbered([...decision.by, copyStep(others, idOf(job, step))]) };
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
  { stepOf, taggers }: Omit<Pending, 'loads'>,
): string | undefined {
  for (const [part, from] of stepOf) {
    if (part.pushed.length === 0 || from === step) continue;
    const other = [...stepOf].find(([each, by]) => by === from && each.pushed.length === 0);
    if (other)
      return `the step "${labelOf(from)}" builds several images, and this step pushes only some of them`;
    const member = ['if', 'continue-on-error', 'timeout-minutes'].find(
      (name) => memberOf(from, name) !== memberOf(step, name),
    );
    if (member !== undefined) return `the step "${labelOf(from)}" that builds it has another \`${member}\``;
    const variable = otherVariable(from, step);
    if (variable !== undefined)
      return `the step "${labelOf(from)}" that builds it has another \`${variable}\` in its \`env\``;
    const value = otherValue({ workflow, job, step }, from);
    if (value !== undefined)
      return `in the \`env\` of the step "${labelOf(from)}" that builds it, \`${value}\` is another text`;
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

/** A name of `env` that a build and its push read with two values. */
function otherValue({ workflow, job, step }: Surroundings, from: Step): string | undefined {
  const around = { ...workflow.env, ...job.env };
  const [built, pushed] = [
    { ...around, ...from.env },
    { ...around, ...step.env },
  ];
  return Object.keys({ ...from.env, ...step.env }).find(
    (name) => name in built && name in pushed && built[name] !== pushed[name],
  );
}

/** The build of an earlier step is in the step that pushes it. */
function merge(from: Step, into: Step, decisions: Map<Step, Decision>): void {
  if (from === into) return;
  decisions.set(from, { kind: 'merged', into: labelOf(into), by: into, rows: [] });
}
