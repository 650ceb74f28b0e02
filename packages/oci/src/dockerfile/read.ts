import { failures } from '../failures.ts';
import { readEscapeDirective } from './escape-directive.ts';
import { lineMistake } from './line-mistakes.ts';
import { type LogicalLine, logicalLines } from './logical-lines.ts';
import { splitWords, wordsAtBlanks } from './split-words.ts';

/** One instruction, with its continued lines joined and its flags set apart. No variable is replaced yet. */
export interface Line {
  /** 1-based. */
  readonly number: number;
  readonly keyword: string;
  /** Without quotes. A switch has no value. */
  readonly flags: readonly { readonly name: string; readonly value: string | undefined }[];
  readonly text: string;
}

export interface Stage {
  readonly from: Line;
  /** Lower case, as names of stages are compared. */
  readonly name: string | undefined;
  /** The base's reference as written. */
  readonly base: string;
  readonly lines: readonly Line[];
}

export interface Dockerfile {
  /** As failures name it. */
  readonly file: string;
  readonly escapeWith: string;
  /** ARGs before the first FROM. */
  readonly globals: readonly Line[];
  readonly stages: readonly Stage[];
}

const STAGE_NAME = /^[a-z][a-z0-9._-]*$/i;

/** Reads a Dockerfile into stages. DOCKERFILE_INVALID names every line that is wrong or in a wrong place. */
export function readDockerfile(file: string, text: string): Dockerfile {
  const { escapeWith, mistake } = readEscapeDirective(text);
  if (mistake !== undefined) throw failures.dockerfileInvalid(file, [mistake]);
  const globals: Line[] = [];
  const stages: (Stage & { readonly lines: Line[] })[] = [];
  const mistakes: string[] = [];
  for (const logical of logicalLines(text, escapeWith)) {
    const line = lineOf(logical, escapeWith);
    const wrong = lineMistake(logical, line, (text) => lineOf({ ...logical, text }, escapeWith), escapeWith);
    if (wrong !== undefined) {
      mistakes.push(`line ${line.number}: ${wrong}`);
      continue;
    }
    if (line.keyword === 'FROM') {
      const [base, as, name, ...rest] = wordsAtBlanks(line.text);
      if (base === undefined || rest.length > 0 || (as !== undefined && as.toUpperCase() !== 'AS')) {
        mistakes.push(`line ${line.number}: FROM takes an image, or an image AS a name`);
      } else if (as !== undefined && !STAGE_NAME.test(name ?? '')) {
        mistakes.push(
          `line ${line.number}: ${name ?? 'nothing'} is no name of a stage; begin it with a letter`,
        );
      } else {
        stages.push({ from: line, base, name: name?.toLowerCase(), lines: [] });
      }
      continue;
    }
    const stage = stages.at(-1);
    if (stage) stage.lines.push(line);
    else if (line.keyword === 'ARG') globals.push(line);
    else mistakes.push(`line ${line.number}: ${line.keyword} comes before the first FROM`);
  }
  if (stages.length === 0 && mistakes.length === 0) mistakes.push('it has no FROM');
  if (mistakes.length > 0) throw failures.dockerfileInvalid(file, mistakes);
  return { file, escapeWith, globals, stages };
}

/** The instruction, its flags, and what it is about. */
export function lineOf({ number, text }: Pick<LogicalLine, 'number' | 'text'>, escapeWith: string): Line {
  const [, keyword = '', rest = ''] = /^\s*(\S+)(.*)$/s.exec(text) ?? [];
  return { number, keyword: keyword.toUpperCase(), ...splitFlags(rest.trim(), escapeWith) };
}

/** What begins with `--` is a flag, up to the first word that does not, or up to `--` alone. */
function splitFlags(text: string, escapeWith: string): Pick<Line, 'flags' | 'text'> {
  const flags: Line['flags'][number][] = [];
  let rest = text;
  while (rest.startsWith('--')) {
    const [word = ''] = splitWords(rest, escapeWith);
    rest = rest.slice(word.length).trimStart();
    if (word === '--') break;
    const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(unquoted(word, escapeWith)) ?? [];
    flags.push({ name, value });
  }
  return { flags, text: rest };
}

/** Of the quotes and escapes in a flag, what they are around stays. */
function unquoted(word: string, escapeWith: string): string {
  return word.replaceAll(/(["'])|([\\`])(.)?/gs, (whole, quote, before, escaped) =>
    quote === undefined && before !== escapeWith ? whole : (escaped ?? ''),
  );
}

/** The number of the stage to build, by default the last one. DOCKERFILE_INVALID if there is no such stage. */
export function targetStage({ file, stages }: Dockerfile, target: string | undefined): number {
  if (target === undefined) return stages.length - 1;
  const found = stages.findLastIndex(({ name }) => name === target.toLowerCase());
  if (found >= 0) return found;
  const names = stages.flatMap(({ name }) => name ?? []).join(', ') || 'none with a name';
  throw failures.dockerfileInvalid(file, [`it has no stage ${target} to build; its stages are ${names}`]);
}
