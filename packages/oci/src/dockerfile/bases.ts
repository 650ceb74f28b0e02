import { failures } from '../failures.ts';
import { type Dockerfile, stageNamed, targetStage } from './read.ts';
import { type BuildArgs, expand, globalScope, ownValue } from './scope.ts';

/** What a stage begins with. */
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
  const scope = globalScope(dockerfile, given, platform);
  const bases = new Map<number, StageBase>();
  const visit = (n: number): void => {
    const stage = dockerfile.stages[n];
    if (stage === undefined || bases.has(n)) return;
    const reference = expand(dockerfile, stage.from, stage.base, (name) => ownValue(scope, name));
    const named = stageNamed(dockerfile, reference, n);
    if (reference === 'scratch') bases.set(n, { kind: 'scratch' });
    else if (named !== undefined) bases.set(n, { kind: 'stage', stage: named });
    else if (reference === '' || reference.startsWith('/')) {
      throw failures.dockerfileInvalid(dockerfile.file, [
        `line ${stage.from.number}: FROM ${stage.base} names no image; an argument in it has no value`,
      ]);
    } else bases.set(n, { kind: 'image', reference });
    if (named !== undefined) visit(named);
    for (const from of copiedStages(dockerfile, n)) visit(from);
  };
  visit(target);
  return bases;
}

function copiedStages(dockerfile: Dockerfile, n: number): readonly number[] {
  return (dockerfile.stages[n]?.lines ?? []).flatMap((line) =>
    line.flags
      .filter((flag) => flag.name === 'from')
      .flatMap((flag) => stageNamed(dockerfile, flag.value, n) ?? []),
  );
}

/** The distinct images outside the Dockerfile that the target is built on, for any of the platforms. */
export function baseReferences(
  dockerfile: Dockerfile,
  given: BuildArgs,
  platforms: readonly string[],
  target?: string,
): readonly string[] {
  const stage = targetStage(dockerfile, target);
  const references = platforms
    .flatMap((platform) => [...basesOf(dockerfile, given, platform, stage).values()])
    .flatMap((base) => (base.kind === 'image' ? [base.reference] : []));
  const copied = dockerfile.stages.flatMap((stage, n) =>
    stage.lines.flatMap((line) =>
      line.flags
        .filter((flag) => flag.name === 'from' && stageNamed(dockerfile, flag.value, n) === undefined)
        .map((flag) => flag.value),
    ),
  );
  return [...new Set([...references, ...copied])].sort();
}
