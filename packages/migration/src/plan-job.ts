import { decideJob } from './decide.ts';
import type { Decision, NewStep, Place } from './new-step.ts';
import { computesSteps, keyOf, type Moves, moved, type Reference, referencesIn } from './references.ts';
import { type Job, labelOf, type Step, type Workflow } from './workflow.ts';
import { commentedStep, newStepLines } from './write-step.ts';

export interface PlannedJob {
  readonly job: Job;
  readonly decisions: ReadonlyMap<Step, Decision>;
  /** The job's lines, as they are written. */
  readonly lines: readonly string[];
  /** Lines outside of replaced steps that name an output at its new place, with their old text. */
  readonly moved: readonly { readonly line: number; readonly from: string; readonly to: string }[];
}

/** A job with every step replaced that can be, so that nothing in it asks for what is gone. */
export function planJob(workflow: Workflow, job: Job): PlannedJob {
  const decisions = decideJob(workflow, job);
  settleComputed(workflow, job, decisions);
  for (let changed = true; changed; ) {
    settleParts(decisions);
    settleRenders(workflow, job, decisions);
    changed = leaveWhatIsAsked(workflow, job, decisions);
  }
  return written(workflow, job, decisions);
}

/** Where `steps` are named by computing, no step with an id can change. */
function settleComputed({ lines }: Workflow, job: Job, decisions: Map<Step, Decision>): void {
  if (!computesSteps(lines.slice(job.from, job.to + 1).join('\n'))) return;
  for (const [step, decision] of decisions) {
    if (decision.kind === 'replaced' && step.id !== undefined)
      decisions.set(step, {
        kind: 'left',
        why: 'the job names steps by computing (`steps[…]` or `toJSON(steps)`), and its outputs would be others',
      });
  }
}

/** What belongs to a step that stays stays too: a build that was to move there, a wait, a deploy of its image. */
function settleParts(decisions: Map<Step, Decision>): void {
  const stays = (step: Step | undefined) => step !== undefined && decisions.get(step)?.kind !== 'replaced';
  for (let changed = true; changed; ) {
    changed = false;
    for (const [step, decision] of decisions) {
      const others =
        decision.kind === 'merged'
          ? [decision.by]
          : decision.kind === 'replaced'
            ? (decision.needs ?? [])
            : [];
      const other = others.find((each) => each !== step && stays(each));
      if (other === undefined) continue;
      decisions.set(step, { kind: 'left', why: `the step "${labelOf(other)}" that it belongs to is left` });
      changed = true;
    }
  }
}

/** A render whose file nobody reads any more has gone into its deploys. */
function settleRenders(workflow: Workflow, job: Job, decisions: Map<Step, Decision>): void {
  const of = new Map<string, string>();
  for (const [step, decision] of decisions) {
    if (decision.kind !== 'replaced') continue;
    for (const id of decision.rendersOf)
      of.set(id, [of.get(id), labelOf(step)].filter((name) => name !== undefined).join('" and "'));
  }
  // The last one first: the file of one may be read by the next.
  for (const step of [...job.steps].reverse()) {
    const into = step.id === undefined ? undefined : of.get(step.id);
    const decision = decisions.get(step);
    if (into === undefined || decision?.kind === 'replaced') continue;
    if (step.fixed !== undefined) {
      decisions.set(step, { kind: 'kept', why: `nobody reads its file, and ${step.fixed}` });
      continue;
    }
    decisions.set(step, { kind: 'merged', into, rows: [] });
    const asked = referencesIn(remaining(workflow, job, decisions)).some(
      ({ id }) => id.toLowerCase() === step.id?.toLowerCase(),
    );
    if (asked) decisions.set(step, { kind: 'kept', why: 'other steps still read its file' });
  }
}

/** What is left of the job and of no old step, as text: to see what it asks for. */
function remaining(workflow: Workflow, job: Job, decisions: ReadonlyMap<Step, Decision>): string {
  return linesOf(workflow, job, decisions)
    .filter(({ kind }) => kind !== 'old')
    .map(({ text }) => text)
    .join('\n');
}

/** Puts a step back whose id or output somebody asks for and nobody has any more. Answers whether it did. */
function leaveWhatIsAsked(workflow: Workflow, job: Job, decisions: Map<Step, Decision>): boolean {
  const text = remaining(workflow, job, decisions);
  const references = referencesIn(text);
  for (const [step, decision] of decisions) {
    const { id } = step;
    if (id === undefined || (decision.kind !== 'replaced' && decision.kind !== 'merged')) continue;
    const asks = references.filter((each) => each.id.toLowerCase() === id.toLowerCase());
    const missing = asks.find((each) => !has(decision, id, each));
    if (missing === undefined) continue;
    decisions.set(step, { kind: 'left', why: whyMissing(decision, id, missing) });
    return true;
  }
  return false;
}

function whyMissing(decision: Decision, id: string, { output, plain }: Reference): string {
  if (output === undefined && plain && decision.kind === 'replaced' && decision.by.length > 1)
    return `it becomes several steps, and how \`steps.${id}\` ended is asked: each of them ends by itself`;
  const what = output === undefined ? `\`steps.${id}\`` : `its output \`${output}\``;
  return `${what} is used, and the new step has none like it`;
}

function has(decision: Decision, id: string, { output, plain, wellOrNot }: Reference): boolean {
  if (decision.kind !== 'replaced' || !plain) return false;
  const ids = decision.by.map((step) => step.id);
  if (output === undefined) return ids.includes(id) && endsAlike(decision.by, wellOrNot);
  if (Object.hasOwn(decision.outputs, output)) return true;
  if (decision.keepsOutputs) return true;
  return ids.includes(id) && ownOutputs(decision, id).includes(output);
}

/**
 * Whether one of the new steps ends as the old one did. After a builder that could not be set up, the build is skipped: this is
 * no success, but no failure either.
 */
function endsAlike(by: readonly NewStep[], wellOrNot: boolean): boolean {
  const counted = wellOrNot ? by.filter(({ does }) => does.kind !== 'theirs') : by;
  return counted.length === 1;
}

/** Outputs that a new step with the old id has by itself: a value that was written for it here. */
function ownOutputs(decision: Decision & { readonly kind: 'replaced' }, id: string): readonly string[] {
  const step = decision.by.find((each) => each.id === id);
  if (step?.does.kind !== 'ours') return [];
  return step.does.action === 'build-and-scan-image'
    ? ['image', 'digest', 'imageid', 'metadata']
    : ['revision', 'outcome'];
}

interface Line {
  readonly text: string;
  /** Line of the input that it is, if it is one. */
  readonly at: number | undefined;
  readonly kind: 'kept' | 'old' | 'new';
}

function linesOf(workflow: Workflow, job: Job, decisions: ReadonlyMap<Step, Decision>): readonly Line[] {
  const all: Line[] = [];
  const steps = new Map(job.steps.map((step) => [step.from, step]));
  for (let at = job.from; at <= job.to; at += 1) {
    const step = steps.get(at);
    const decision = step && decisions.get(step);
    if (!step || (decision?.kind !== 'replaced' && decision?.kind !== 'merged')) {
      all.push({ text: workflow.lines[at] ?? '', at, kind: 'kept' });
      continue;
    }
    for (const text of commentedStep(step, decision, workflow))
      all.push({ text, at: undefined, kind: 'old' });
    const by = decision.kind === 'replaced' ? decision.by : [];
    for (const text of newStepLines(step, by, workflow)) all.push({ text, at: undefined, kind: 'new' });
    at = step.to;
  }
  return all;
}

function written(workflow: Workflow, job: Job, decisions: ReadonlyMap<Step, Decision>): PlannedJob {
  const moves: Moves = movesOf(decisions);
  const changes: { line: number; from: string; to: string }[] = [];
  const lines = linesOf(workflow, job, decisions).map(({ text, at, kind }) => {
    if (kind === 'old') return text;
    const to = moved(text, moves);
    if (at !== undefined && to !== text) changes.push({ line: at + 1, from: text.trim(), to: to.trim() });
    return to;
  });
  return { job, decisions, lines, moved: changes };
}

function movesOf(decisions: ReadonlyMap<Step, Decision>): Moves {
  const moves = new Map<string, Place>();
  for (const [step, decision] of decisions) {
    if (decision.kind !== 'replaced' || step.id === undefined) continue;
    for (const [output, place] of Object.entries(decision.outputs)) moves.set(keyOf(step.id, output), place);
  }
  return moves;
}
