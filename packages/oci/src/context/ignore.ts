import { posix } from 'node:path';
import { failures } from '../failures.ts';
import { type Pattern, PatternMistake, readPattern } from './pattern.ts';

/** Decides which paths of a context do not belong to it. */
export interface Ignore {
  excludes(path: string): boolean;
  /** Whether everything below an excluded folder is excluded too, so that nobody needs to look into it. */
  readonly final: boolean;
}

/**
 * Reads a `.dockerignore`: one pattern a line, `#` comments, `!` exceptions, the last match decides
 * (".dockerignore files", Docker's build context reference). `.git` is never part of a context: a checkout keeps
 * its token there. DOCKERFILE_INVALID names every line that BuildKit would refuse.
 */
export function readIgnore(text: string, file = '.dockerignore'): Ignore {
  const mistakes: string[] = [];
  const rules = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line, n) => {
      const trimmed = line.trim();
      if (trimmed === '' || line.startsWith('#')) return [];
      try {
        return [readRule(trimmed)];
      } catch (thrown) {
        if (!(thrown instanceof PatternMistake)) throw thrown;
        mistakes.push(`line ${n + 1}: ${trimmed} ${thrown.message}`);
        return [];
      }
    });
  if (mistakes.length > 0) throw failures.dockerfileInvalid(file, mistakes);
  const excludes = (path: string): boolean => {
    if (path === '.git' || path.startsWith('.git/')) return true;
    let excluded = false;
    for (const { keeps, pattern } of rules) {
      if (excluded === keeps && pattern.matchesOnTheWay(path)) excluded = !keeps;
    }
    return excluded;
  };
  return { excludes, final: rules.every((rule) => !rule.keeps) };
}

function readRule(line: string): { readonly keeps: boolean; readonly pattern: Pattern } {
  const keeps = line.startsWith('!');
  const pattern = keeps ? line.slice(1).trim() : line;
  if (pattern === '') throw new PatternMistake('names nothing that is to be kept');
  return { keeps, pattern: readPattern(cleaned(pattern), 'ignore') };
}

/** Relative to the context, without `.`, `..` and slashes that mean nothing (Go's `filepath.Clean`). */
function cleaned(pattern: string): string {
  return posix.join('/', pattern).slice(1).replace(/\/$/, '');
}
