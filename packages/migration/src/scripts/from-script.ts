import { judgeNames } from '../build/image-names.ts';
import { namesPushedBy } from '../deploy/images-that-stay.ts';
import type { Decision } from '../new-step.ts';
import { signsInAtEcr } from '../registry.ts';
import { actionOf, type Step } from '../workflow.ts';
import { assemble } from './assemble.ts';
import { draftOfBuild, draftOfDeploy } from './build-draft.ts';
import {
  asOneLine,
  BUILDS_OR_TAGS,
  DEPLOYS,
  DOCKER_BUILDS,
  onlyPushes,
  whyComposeStays,
} from './commands.ts';
import type { Made } from './hand-on.ts';
import type { Reading } from './image-commands.ts';
import { oneLineOutputs } from './one-line-outputs.ts';
import { type Pending, remember } from './pending.ts';
import { type ReadParts, readParts } from './read-parts.ts';
import { isQuiet } from './standing.ts';
import type { Surroundings } from './variables.ts';

/** GitHub gives `-e` to `bash` and `sh`, and to no template. */
const ENDS_AT_A_FAILURE = /^(?:bash|sh)$|\s-[a-z]*e[a-z]*(?=\s)|\berrexit\b/;

/** A script as our steps, and the scripts that are left of it. Nothing when it has nothing of ours. */
export function fromScript(around: Surroundings, id: string, pending: Pending): Decision | undefined {
  const shell = around.step.shell ?? around.job.shell ?? 'bash';
  const { built, loads } = pending;
  const forget = remember(built);
  const read = readParts(around, { id, built, loads });
  if (read === undefined) return bakes(around) ? { kind: 'left', why: BAKES } : undefined;
  if (!/^(bash|sh)\b/.test(shell))
    return { kind: 'left', why: `its script is for ${shell}, and this command reads bash` };
  if (!ENDS_AT_A_FAILURE.test(shell))
    return { kind: 'left', why: `its script goes on after a failure, by \`shell: ${shell}\`` };
  const decision = takenFrom(read, around, pending, { loads });
  if (decision?.kind !== 'left') return decision;
  forget();
  const stays = whyComposeStays(around.step.run ?? '', signsInAtEcr(around));
  if (stays !== undefined) return { kind: 'kept', why: `${stays}; ${decision.why}` };
  if (!makesAndDeploys(around.step)) return decision;
  const asked = { loads: false, onlyDeploys: true };
  const rest = readParts(around, { id, built: new Map(), ...asked });
  const deploys = rest && takenFrom(rest, around, pending, asked);
  return deploys?.kind === 'replaced' ? { ...deploys, stays: decision.why } : decision;
}

type Asked = Pick<Reading, 'loads' | 'onlyDeploys'>;

function takenFrom(
  read: NonNullable<ReturnType<typeof readParts>>,
  around: Surroundings,
  pending: Pending,
  asked: Asked,
): Decision | undefined {
  if ('why' in read) {
    const kept = copies(around) ? COPIES : whyElsewhere(around);
    return kept === undefined ? { kind: 'left', why: read.why } : { kind: 'kept', why: kept };
  }
  const made = makeParts(read, around, pending);
  if (!Array.isArray(made)) return made;
  if (made.some(({ part }) => part.kind !== 'shell')) return assemble(made, read, around, asked);
  return read.retagged.length > 0 ? tags(read, around, pending) : undefined;
}

const BAKES = 'a bake file decides what it builds';

/** Whether a script pushes what a bake file says, in a job that signs in at ECR. */
function bakes(around: Surroundings): boolean {
  const script = asOneLine(around.step.run ?? '');
  return /\bdocker\s+buildx\s+bake\b[^\n;&|]*\s--push\b/.test(script) && signsInAtEcr(around);
}

/** Whether a script makes images and deploys: where the first must stay a script, the second need not. */
function makesAndDeploys({ run = '' }: Step): boolean {
  const script = asOneLine(run);
  return BUILDS_OR_TAGS.test(script) && DEPLOYS.test(script);
}

const COPIES = 'it copies an image that the job has pulled, and builds none';

/** Whether a script pushes in a job that pulls images and builds none up to here. */
function copies({ job, step }: Surroundings): boolean {
  const before = job.steps.filter(({ from }) => from <= step.from);
  const pulls = before.some(({ run }) => /\bdocker\s+pull\b/.test(run ?? ''));
  const builds = before.some(
    (each) =>
      /\b(?:build|bake|compose|load)\b/.test(each.run ?? '') || /build|bake/.test(actionOf(each) ?? ''),
  );
  return onlyPushes(step.run ?? '') && pulls && !builds;
}

/** A script that only pushes, to other registries, in a job that builds nothing with docker before. */
function whyElsewhere(around: Surroundings): string | undefined {
  const { job, step } = around;
  if (!onlyPushes(step.run ?? '')) return undefined;
  if (job.steps.some(({ from, run }) => from < step.from && DOCKER_BUILDS.test(run ?? ''))) return undefined;
  const names = namesPushedBy(step, around);
  const judged = names && judgeNames(names, around);
  return judged && 'kept' in judged ? judged.kept : undefined;
}

/** A step that only gives names to the image of an earlier one. */
function tags(read: ReadParts, around: Surroundings, pending: Pending): Decision {
  const rest = read.parts.flatMap((part) => (part.kind === 'shell' ? part.statements : []));
  const alone = rest.every((statement) => isQuiet(statement, read.variables));
  for (const [key, part] of read.named) pending.built.set(key, part);
  for (const part of read.retagged) {
    if (alone) pending.taggers.set(part, [...(pending.taggers.get(part) ?? []), around.step]);
  }
  return { kind: 'kept', why: 'it gives an image another name, and pushes nothing itself' };
}

/** Each part with its draft; a decision where the script stays as it is. */
function makeParts(read: ReadParts, around: Surroundings, pending: Pending): Made[] | Decision {
  const made: Made[] = [];
  const isOneLine = oneLineOutputs(around, read.parts);
  let kept: string | undefined;
  for (const part of read.parts) {
    if (part.kind === 'shell') {
      made.push({ part });
      continue;
    }
    const from = part.kind === 'build' ? pending.stepOf.get(part) : undefined;
    if (part.kind === 'build' && part.pushed.length === 0 && !part.loads) return later(read, around, pending);
    const draft =
      part.kind === 'build'
        ? draftOfBuild(part, around, from ? { ...around, step: from } : around, isOneLine)
        : draftOfDeploy(part, around);
    if ('left' in draft) return { kind: 'left', why: draft.left };
    if ('kept' in draft) kept = draft.kept;
    else made.push({ part, draft });
  }
  if (kept === undefined) return made;
  const ours = made.some(({ part }) => part.kind !== 'shell');
  return ours
    ? { kind: 'left', why: `of its commands only some can be replaced: ${kept}` }
    : { kind: 'kept', why: kept };
}

/** Builds without a push wait for a later step that pushes them. */
function later(read: ReadParts, around: Surroundings, pending: Pending): Decision {
  const ours = read.parts.flatMap((each) => (each.kind === 'shell' ? [] : [each]));
  const builds = ours.flatMap((each) => (each.kind === 'build' && each.pushed.length === 0 ? [each] : []));
  if (builds.length < ours.length)
    return { kind: 'left', why: 'it builds several images, and pushes only some of them' };
  const rest = read.parts.flatMap((each) => (each.kind === 'shell' ? each.statements : []));
  const alone = rest.every((statement) => isQuiet(statement, read.variables));
  if (!alone || builds.some(({ used, when }) => used.length > 0 || when))
    return { kind: 'kept', why: ONLY_BUILDS };
  for (const [key, named] of read.named) pending.built.set(key, named);
  for (const part of builds) pending.stepOf.set(part, around.step);
  return { kind: 'kept', why: ONLY_BUILDS };
}

const ONLY_BUILDS = 'it builds, and pushes nothing itself';
