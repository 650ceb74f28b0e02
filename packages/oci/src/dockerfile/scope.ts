import { failures } from '../failures.ts';
import { expandWord, type Lookup } from './expand-word.ts';
import type { Dockerfile, Line } from './read.ts';
import { splitWords } from './split-words.ts';

/** Values given from outside, by name. */
export type BuildArgs = Readonly<Record<string, string>>;

/** The platform's own arguments ("Automatic platform ARGs in the global scope", Dockerfile reference). */
function platformArgs(platform: string): BuildArgs {
  const [os = '', architecture = '', variant = ''] = platform.split('/');
  const target = {
    TARGETPLATFORM: platform,
    TARGETOS: os,
    TARGETARCH: architecture,
    TARGETVARIANT: variant,
  };
  const build = Object.entries(target).map(([name, value]) => [name.replace('TARGET', 'BUILD'), value]);
  return { ...target, ...Object.fromEntries(build) };
}

export function ownValue(values: BuildArgs, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** The ARGs before the first FROM, with what was given for them. */
export function globalScope(dockerfile: Dockerfile, given: BuildArgs, platform: string): BuildArgs {
  const scope: Record<string, string> = { ...platformArgs(platform) };
  for (const line of dockerfile.globals) {
    for (const { name, word } of argsOf(dockerfile, line)) {
      const chosen =
        ownValue(given, name) ??
        (word === undefined
          ? undefined
          : expand(dockerfile, line, word, (wanted) => ownValue(scope, wanted)));
      if (chosen !== undefined) scope[name] = chosen;
    }
  }
  return scope;
}

/** `ARG NAME`, `ARG NAME=default`, several in a line. In a default nothing is replaced yet: it may not be needed. */
export function argsOf(
  { escapeWith }: Dockerfile,
  line: Line,
): readonly { readonly name: string; readonly word: string | undefined }[] {
  return splitWords(line.text, escapeWith).map((word) => {
    const at = word.indexOf('=');
    return at < 0 ? { name: word, word: undefined } : { name: word.slice(0, at), word: word.slice(at + 1) };
  });
}

/** Expands a word of a line; a form that cannot be read names the line. */
export function expand(dockerfile: Dockerfile, line: Line, word: string, lookup: Lookup): string {
  try {
    return expandWord(word, lookup, dockerfile.escapeWith);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw failures.dockerfileInvalid(dockerfile.file, [`line ${line.number}: ${why}`]);
  }
}

/** The names that any ARG of a Dockerfile declares. */
export function declaredArguments(dockerfile: Dockerfile): readonly string[] {
  const lines = [...dockerfile.globals, ...dockerfile.stages.flatMap((stage) => stage.lines)];
  return lines
    .filter(({ keyword }) => keyword === 'ARG')
    .flatMap(({ text }) => splitWords(text, dockerfile.escapeWith))
    .map((word) => word.split('=')[0] ?? word);
}
