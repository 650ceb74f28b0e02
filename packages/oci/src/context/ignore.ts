import { patternToRegExp } from './pattern.ts';

/** Decides which paths of a context do not belong to it. */
export interface Ignore {
  excludes(path: string): boolean;
  /** Whether nothing below an excluded folder can come back, so that it need not be walked. */
  readonly final: boolean;
}

/**
 * Reads a `.dockerignore`: one pattern a line, `#` comments, `!` exceptions, the last match decides
 * (".dockerignore files", Docker's build context reference). `.git` is never part of a context: a checkout keeps
 * its token there.
 */
export function readIgnore(text: string): Ignore {
  const rules = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const keeps = line.startsWith('!');
      const cleaned = clean(keeps ? line.slice(1).trim() : line);
      return { keeps, pattern: patternToRegExp(cleaned) };
    });
  const excludes = (path: string): boolean => {
    if (path === '.git' || path.startsWith('.git/')) return true;
    const parts = path.split('/');
    const ancestors = parts.map((_, n) => parts.slice(0, n + 1).join('/'));
    let excluded = false;
    for (const { keeps, pattern } of rules) {
      if (excluded === keeps && ancestors.some((one) => pattern.test(one))) excluded = !keeps;
    }
    return excluded;
  };
  return { excludes, final: rules.every((rule) => !rule.keeps) };
}

function clean(pattern: string): string {
  return pattern
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
