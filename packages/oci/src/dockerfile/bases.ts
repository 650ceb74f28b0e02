import { failures } from '../failures.ts';
import { referenceMistake } from '../reference.ts';
import { mountOf } from './mounts.ts';
import { platformMistake } from './platform-words.ts';
import { type Dockerfile, type Line, lineOf, targetStage } from './read.ts';
import { type BuildArgs, expand, globalScope, ownValue } from './scope.ts';

/** What a stage begins with, or takes files from. */
export type StageBase =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'stage'; readonly stage: number }
  | { readonly kind: 'image'; readonly reference: string };

/** By its number, the base of every stage that `target` needs (by default the last one), with variables replaced. */
export function basesOf(
  dockerfile: Dockerfile,
  given: BuildArgs,
  platform: string,
  target = dockerfile.stages.length - 1,
): ReadonlyMap<number, StageBase> {
  const stages = readStages(dockerfile, given, platform);
  return new Map([...reached(dockerfile, stages, target)].map(([n, { base }]) => [n, base]));
}

/** The distinct images outside the Dockerfile that the target begins with or takes files from, for any of the platforms. */
export function baseReferences(
  dockerfile: Dockerfile,
  given: BuildArgs,
  platforms: readonly string[],
  target?: string,
): readonly string[] {
  const stage = targetStage(dockerfile, target);
  const references = platforms
    .flatMap((platform) => [...reached(dockerfile, readStages(dockerfile, given, platform), stage).values()])
    .flatMap(({ base, sources }) => [base, ...sources.map(({ from }) => from)])
    .flatMap((from) => (from.kind === 'image' ? [from.reference] : []));
  return [...new Set(references)].sort();
}

interface ReadStage {
  readonly base: StageBase;
  readonly sources: readonly Source[];
}

/** Where a line takes files from, besides the context. */
interface Source {
  readonly line: Line;
  readonly from: StageBase;
}

/** All stages, also those that no target needs: BuildKit refuses a mistake in the names of any of them. */
function readStages(dockerfile: Dockerfile, given: BuildArgs, platform: string): readonly ReadStage[] {
  const scope = globalScope(dockerfile, given, platform);
  const mistakes: string[] = [];
  const bases = dockerfile.stages.map((stage, n): StageBase => {
    const said = (word: string) => expand(dockerfile, stage.from, word, (name) => ownValue(scope, name));
    const wanted = stage.from.flags.find(({ name }) => name === 'platform')?.value;
    const wrong = wanted === undefined ? undefined : platformMistake(said(wanted));
    const base = baseNamed(dockerfile, said(stage.base), n);
    const mistake = wrong ?? imageMistake(base);
    if (mistake !== undefined) mistakes.push(`line ${stage.from.number}: FROM ${stage.from.text} ${mistake}`);
    return base;
  });
  const stages = bases.map((base, n) => ({ base, sources: sourcesOf(dockerfile, n, base) }));
  for (const [n, { sources }] of stages.entries()) {
    for (const { line, from } of sources) {
      const mistake = imageMistake(from) ?? stageMistake(dockerfile, from, n);
      if (mistake !== undefined) mistakes.push(`line ${line.number}: ${line.keyword} ${mistake}`);
    }
  }
  if (mistakes.length > 0) throw failures.dockerfileInvalid(dockerfile.file, mistakes);
  return stages;
}

/** A FROM finds an earlier stage by its name in lower case, and by nothing else. */
function baseNamed({ stages }: Dockerfile, reference: string, before: number): StageBase {
  const stage = stages.findLastIndex(({ name }, n) => n < before && name === reference);
  if (stage >= 0) return { kind: 'stage', stage };
  return reference === 'scratch' ? { kind: 'scratch' } : { kind: 'image', reference };
}

function imageMistake(from: StageBase): string | undefined {
  if (from.kind !== 'image') return undefined;
  if (from.reference === '' || from.reference.startsWith('/'))
    return 'names no image; an argument in it has no value';
  return referenceMistake(from.reference);
}

function stageMistake({ stages }: Dockerfile, from: StageBase, n: number): string | undefined {
  if (from.kind !== 'stage' || (from.stage !== n && stages[from.stage] !== undefined)) return undefined;
  return from.stage === n
    ? 'takes files from its own stage; name another one'
    : `--from=${from.stage} is no stage; there are ${stages.length}, and the first is 0`;
}

function sourcesOf(dockerfile: Dockerfile, n: number, base: StageBase): readonly Source[] {
  const triggered = base.kind === 'stage' ? triggersOf(dockerfile, base.stage) : [];
  return [...triggered, ...(dockerfile.stages[n]?.lines ?? [])].flatMap((line) =>
    line.flags.flatMap(({ name, value = '' }) => {
      const from = name === 'mount' && line.keyword === 'RUN' ? mountOf(value).from : value;
      if ((name !== 'from' && name !== 'mount') || from === undefined || from === '') return [];
      return { line, from: takenFrom(dockerfile, from, name === 'from') };
    }),
  );
}

/** What ONBUILD said in a stage happens in the stages that begin with it. */
function triggersOf({ stages, escapeWith }: Dockerfile, stage: number): readonly Line[] {
  return (stages[stage]?.lines ?? [])
    .filter(({ keyword }) => keyword === 'ONBUILD')
    .map(({ number, text }) => lineOf({ number, text }, escapeWith));
}

/** `COPY --from` takes a stage's number too, which a mount does not. */
function takenFrom(dockerfile: Dockerfile, name: string, byNumber: boolean): StageBase {
  const stage = copiedStage(dockerfile, name);
  if (stage !== undefined && (byNumber || !isNumber(name))) return { kind: 'stage', stage };
  return name === 'scratch' ? { kind: 'scratch' } : { kind: 'image', reference: name };
}

/** The stage that `COPY --from` names, by its number or, in any case, by its name. It may be one that comes too late. */
export function copiedStage({ stages }: Dockerfile, name: string): number | undefined {
  if (isNumber(name)) return Number(name);
  const found = stages.findLastIndex((stage) => stage.name === name.toLowerCase());
  return found < 0 ? undefined : found;
}

function isNumber(name: string): boolean {
  return /^[+-]?\d+$/.test(name);
}

function reached(
  dockerfile: Dockerfile,
  stages: readonly ReadStage[],
  target: number,
): ReadonlyMap<number, ReadStage> {
  const found = new Map<number, ReadStage>();
  const mistakes: string[] = [];
  const visit = (n: number): void => {
    const stage = stages[n];
    if (stage === undefined || found.has(n)) return;
    found.set(n, stage);
    if (stage.base.kind === 'stage') visit(stage.base.stage);
    for (const { line, from } of stage.sources) {
      if (from.kind !== 'stage') continue;
      if (from.stage > n)
        mistakes.push(
          `line ${line.number}: ${line.keyword} takes files from a stage that comes later; move it up`,
        );
      visit(from.stage);
    }
    for (const line of dockerfile.stages[n]?.lines ?? []) mistakes.push(...mountMistakes(line));
  };
  visit(target);
  if (mistakes.length > 0) throw failures.dockerfileInvalid(dockerfile.file, mistakes);
  return found;
}

function mountMistakes({ number, keyword, flags }: Line): readonly string[] {
  if (keyword !== 'RUN') return [];
  return flags.flatMap(({ name, value = '' }) => {
    const mistake = name === 'mount' ? mountOf(value).mistake : undefined;
    return mistake === undefined ? [] : [`line ${number}: RUN --mount=${value} ${mistake}`];
  });
}
