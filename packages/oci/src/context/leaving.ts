import { lstatSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { jsonForm } from '../dockerfile/json-form.ts';
import type { Dockerfile } from '../dockerfile/read.ts';
import { wordsAtBlanks } from '../dockerfile/split-words.ts';
import { failures } from '../failures.ts';
import { type BuildContext, realInside } from './context.ts';
import { isPattern } from './pattern.ts';

/** Throws COPY_OUTSIDE_CONTEXT with every COPY and ADD that would leave the context, by `..` or through a link. */
export function refuseLeaving(dockerfile: Dockerfile, context: BuildContext): void {
  refuse(
    sourcesOf(dockerfile).flatMap((source) =>
      climbs(source.path) ? `${source.where}: ${climbing(source.path)}` : leavingLink(source, context),
    ),
  );
}

/** What BuildKit makes of each COPY and ADD that would leave the context, for the log of a build that it does. */
export function leavingSources(dockerfile: Dockerfile, context: BuildContext): readonly string[] {
  return sourcesOf(dockerfile).flatMap((source) =>
    climbs(source.path)
      ? [`${source.where}: ${climbing(source.path)}`]
      : leavingLink(source, context).map(
          (where) =>
            `${where}: the link leads out of the context, and BuildKit follows it inside of the context alone`,
        ),
  );
}

interface Source {
  /** `line 3: COPY ../x`. */
  readonly where: string;
  readonly path: string;
}

function sourcesOf(dockerfile: Dockerfile): readonly Source[] {
  return dockerfile.stages
    .flatMap((stage) => stage.lines)
    .filter(
      ({ keyword, flags }) => ['COPY', 'ADD'].includes(keyword) && !flags.some(({ name }) => name === 'from'),
    )
    .flatMap(({ number, keyword, text }) =>
      (jsonForm(text) ?? wordsAtBlanks(text)).slice(0, -1).map((word) => ({
        where: `line ${number}: ${keyword} ${word}`,
        path: word.replace(/^["']|["']$/g, ''),
      })),
    );
}

export function climbs(path: string): boolean {
  return path.split('/').includes('..');
}

/** Rule: BuildKit takes each source from the top of the context, and nothing is above that. */
export function climbing(path: string): string {
  if (path.includes('$')) return 'BuildKit never goes above the context; write the path from its top';
  const taken = posix.join('/', path).slice(1) || 'everything';
  return `BuildKit never goes above the context and would copy ${taken} of it; write that path`;
}

function leavingLink({ where, path }: Source, context: BuildContext): readonly string[] {
  if (/[$:]/.test(path) || isPattern(path)) return []; // judged later, when its variables or matches are known
  try {
    lstatSync(join(context.root, path));
    realInside(context.root, path);
    return [];
  } catch (thrown) {
    return thrown instanceof Failure ? [where] : [];
  }
}

function refuse(leaving: readonly string[]): void {
  if (leaving.length > 0) throw failures.copyOutsideContext(leaving);
}
