import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Dockerfile } from '../dockerfile/read.ts';
import { splitWords } from '../dockerfile/split-words.ts';
import { failures } from '../failures.ts';
import { jsonForm } from '../own/json-form.ts';
import { type BuildContext, realInside } from './context.ts';
import { isPattern } from './pattern.ts';

/** Throws COPY_OUTSIDE_CONTEXT with every COPY and ADD that would leave the context, by `..` or through a link. */
export function refuseLeaving(dockerfile: Dockerfile, context: BuildContext): void {
  const leaving = dockerfile.stages
    .flatMap((stage) => stage.lines)
    .filter(
      ({ keyword, flags }) => ['COPY', 'ADD'].includes(keyword) && !flags.some(({ name }) => name === 'from'),
    )
    .flatMap((line) => {
      const words = jsonForm(line.text) ?? splitWords(line.text, dockerfile.escapeWith);
      return words
        .slice(0, -1)
        .filter((word) => leaves(context, word.replace(/^["']|["']$/g, '')))
        .map((word) => `line ${line.number}: ${line.keyword} ${word}`);
    });
  if (leaving.length > 0) throw failures.copyOutsideContext(leaving);
}

function leaves(context: BuildContext, source: string): boolean {
  if (source.split('/').includes('..')) return true;
  if (/[$:]/.test(source) || isPattern(source)) return false; // judged later, when its variables or matches are known
  try {
    lstatSync(join(context.root, source));
    realInside(context.root, source);
    return false;
  } catch (thrown) {
    return thrown instanceof Failure;
  }
}
