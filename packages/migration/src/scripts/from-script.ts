import type { Decision } from '../new-step.ts';
import { actionOf, type Step } from '../workflow.ts';
import { assemble } from './assemble.ts';
import { draftOfBuild, draftOfDeploy } from './build-draft.ts';
import { onlyPushes } from './commands.ts';
import type { Made } from './hand-on.ts';
import type { BuildPart } from './parts.ts';
import { type Built, type ReadParts, readParts } from './read-parts.ts';
import { isQuiet } from './standing.ts';
import type { Surroundings } from './variables.ts';

/** The builds of earlier steps that are not pushed yet, with the steps that have them. */
export interface Pending {
  readonly built: Built;
  readonly stepOf: Map<BuildPart, Step>;
  /** Steps that only give an image another name. */
  readonly taggers: Map<BuildPart, Step[]>;
  /** Whether the images of this step stay in the runner's Docker, where commands tag and push them. */
  readonly loads: boolean;
}

/** GitHub gives `-e` to `bash` and `sh`, and to no template. */
const ENDS_AT_A_FAILURE = /^(?:bash|sh)$|\s-[a-z]*e[a-z]*(?=\s)|\berrexit\b/;

/** A script as our steps, and the scripts that are left of it. Nothing when it has nothing of ours. */
export function fromScript(around: Surroundings, id: string, pending: Pending): Decision | undefined {
  const shell = around.step.shell ?? around.job.shell ?? 'bash';
  const { loads } = pending;
  const read = readParts(around, { id, built: pending.built, loads });
  if (read === undefined) return undefined;
  if (!/^(bash|sh)\b/.test(shell))
    return { kind: 'left', why: `its script is for ${shell}, and this command reads bash` };
  if (!ENDS_AT_A_FAILURE.test(shell))
    return { kind: 'left', why: `its script goes on after a failure, by \`shell: ${shell}\`` };
  if ('why' in read) return copies(around) ? { kind: 'kept', why: COPIES } : { kind: 'left', why: read.why };
  const made = makeParts(read, around, pending);
  if (!Array.isArray(made)) return made;
  if (made.some(({ part }) => part.kind !== 'shell')) return assemble(made, read, around, loads);
  return read.retagged.length > 0 ? tags(read, around, pending) : undefined;
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
  let kept: string | undefined;
  for (const part of read.parts) {
    if (part.kind === 'shell') {
      made.push({ part });
      continue;
    }
    const from = part.kind === 'build' ? pending.stepOf.get(part) : undefined;
    if (part.kind === 'build' && part.pushed.length === 0 && !part.loads)
      return later(part, read, around, pending);
    const draft =
      part.kind === 'build'
        ? draftOfBuild(part, around, from ? { ...around, step: from } : around)
        : draftOfDeploy(part);
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

/** A build without a push waits for a later step that pushes it. */
function later(part: BuildPart, read: ReadParts, around: Surroundings, pending: Pending): Decision {
  const others = read.parts.some((each) => each !== part && each.kind !== 'shell');
  if (others) return { kind: 'left', why: 'it builds several images, and pushes only some of them' };
  const rest = read.parts.flatMap((each) => (each.kind === 'shell' ? each.statements : []));
  const alone = rest.every((statement) => isQuiet(statement, read.variables));
  if (!alone || part.used.length > 0) return { kind: 'kept', why: BUILDS };
  for (const [key, named] of read.named) pending.built.set(key, named);
  pending.stepOf.set(part, around.step);
  return { kind: 'kept', why: BUILDS };
}

const BUILDS = 'it builds, and pushes nothing itself';
