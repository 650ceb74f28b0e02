import { nearest } from '@tenant-delivery/domain';
import { DockerfileParser } from 'dockerfile-ast';
import { failures } from '../failures.ts';
import { type LogicalLine, logicalLines } from './logical-lines.ts';
import { splitWords } from './split-words.ts';

/** One instruction, with its continued lines joined and its flags set apart. No variable is replaced yet. */
export interface Line {
  /** 1-based. */
  readonly number: number;
  readonly keyword: string;
  readonly flags: readonly { readonly name: string; readonly value: string }[];
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

/** Docker refuses most instructions without arguments. An empty CMD or ENTRYPOINT is allowed: it removes the base's. */
const MEANS_SOMETHING_ALONE = ['CMD', 'ENTRYPOINT', 'FROM'];

const INSTRUCTIONS = [
  ...MEANS_SOMETHING_ALONE,
  'ADD',
  'ARG',
  'COPY',
  'ENV',
  'EXPOSE',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
];

const STAGE_NAME = /^[a-z][a-z0-9._-]*$/i;

/** Reads a Dockerfile into stages. DOCKERFILE_INVALID names every line that is wrong or in a wrong place. */
export function readDockerfile(file: string, text: string): Dockerfile {
  const escapeWith = DockerfileParser.parse(text).getEscapeCharacter();
  const globals: Line[] = [];
  const stages: (Stage & { readonly lines: Line[] })[] = [];
  const mistakes: string[] = [];
  for (const logical of logicalLines(text, escapeWith)) {
    const line = lineOf(logical, escapeWith);
    const wrong = mistakeOf(logical, line, escapeWith);
    if (wrong !== undefined) {
      mistakes.push(`line ${line.number}: ${wrong}`);
      continue;
    }
    if (line.keyword === 'FROM') {
      const [base, as, name, ...rest] = splitWords(line.text, escapeWith);
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

/** What BuildKit's own parser refuses in a line, wherever it is. */
function mistakeOf(
  { unended }: LogicalLine,
  { keyword, text, flags }: Line,
  escapeWith: string,
): string | undefined {
  if (unended !== undefined) return `the here-document ${unended} does not end`;
  if (keyword === '') return 'there is no instruction to continue';
  if (!INSTRUCTIONS.includes(keyword)) return unknown(keyword);
  if (text.trim() === '' && !MEANS_SOMETHING_ALONE.includes(keyword))
    return `${keyword} has no arguments; say what it is about`;
  if (keyword === 'COPY') return fromMistake(flags);
  return keyword === 'ENV' || keyword === 'LABEL' ? pairMistake(keyword, text, escapeWith) : undefined;
}

function unknown(keyword: string): string {
  const near = nearest(keyword, INSTRUCTIONS);
  return `${keyword} is no instruction${near === undefined ? '' : `: did you mean ${near}?`}`;
}

/** BuildKit puts variables into most flags, and into this one it does not. */
function fromMistake(flags: Line['flags']): string | undefined {
  const from = flags.find(({ name, value }) => name === 'from' && value.includes('$'))?.value;
  return from === undefined
    ? undefined
    : `COPY --from=${from} names no stage, because BuildKit puts no variable in there; write FROM ${from} AS a name, and copy from that name`;
}

/** `NAME=value …`, or the old form `NAME the rest of the line`. */
function pairMistake(keyword: string, text: string, escapeWith: string): string | undefined {
  const words = splitWords(text, escapeWith);
  if (words[0]?.includes('=')) {
    const alone = words.find((word) => !word.includes('='));
    if (alone !== undefined) return `${keyword} ${alone} has no =; write ${alone}=value`;
    return words.some((word) => word.startsWith('=')) ? `${keyword} has a value without a name` : undefined;
  }
  return /\s/.test(text.trim())
    ? undefined
    : `${keyword} ${text.trim()} has no value; write ${text.trim()}=value`;
}

/** The parser sees one line at a time, because it joins lines otherwise than BuildKit does. */
function lineOf({ number, text }: LogicalLine, escapeWith: string): Line {
  const [instruction] = DockerfileParser.parse(`# escape=${escapeWith}\n${text}`).getInstructions();
  if (instruction === undefined) return { number, keyword: '', flags: [], text: '' };
  const flags = 'getFlags' in instruction ? (instruction.getFlags as () => readonly Flag[])() : []; // only some kinds have them
  return {
    number,
    keyword: instruction.getKeyword(),
    flags: flags.map((flag) => ({ name: flag.getName(), value: flag.getValue() ?? '' })),
    text: instruction.getArgumentsContent() ?? '',
  };
}

interface Flag {
  getName(): string;
  getValue(): string | null;
}

/** The number of the stage to build, by default the last one. DOCKERFILE_INVALID if there is no such stage. */
export function targetStage(dockerfile: Dockerfile, target: string | undefined): number {
  const { file, stages } = dockerfile;
  if (target === undefined) return stages.length - 1;
  const found = stageNamed(dockerfile, target, stages.length);
  if (found !== undefined) return found;
  const names = stages.flatMap(({ name }) => name ?? []).join(', ') || 'none with a name';
  throw failures.dockerfileInvalid(file, [`it has no stage ${target} to build; its stages are ${names}`]);
}

/** The stage that a FROM or `--from` names: by name, or by its number. */
export function stageNamed(dockerfile: Dockerfile, name: string, before: number): number | undefined {
  const byName = dockerfile.stages.findLastIndex(
    (stage, n) => n < before && stage.name === name.toLowerCase(),
  );
  if (byName >= 0) return byName;
  return /^\d+$/.test(name) && Number(name) < before ? Number(name) : undefined;
}
