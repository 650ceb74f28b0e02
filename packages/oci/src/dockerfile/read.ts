import { DockerfileParser, type Instruction } from 'dockerfile-ast';
import { failures } from '../failures.ts';
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

/** Docker refuses these without arguments. An empty CMD or ENTRYPOINT is allowed: it removes the base's. */
const MEANS_NOTHING_ALONE = [
  'ADD',
  'ARG',
  'COPY',
  'ENV',
  'EXPOSE',
  'HEALTHCHECK',
  'LABEL',
  'RUN',
  'USER',
  'WORKDIR',
];

/** Reads a Dockerfile into stages. DOCKERFILE_INVALID names every line that is wrong or in a wrong place. */
export function readDockerfile(file: string, text: string): Dockerfile {
  const parsed = DockerfileParser.parse(withoutComments(text));
  const escapeWith = parsed.getEscapeCharacter();
  const globals: Line[] = [];
  const stages: (Stage & { readonly lines: Line[] })[] = [];
  const mistakes: string[] = [];
  for (const instruction of parsed.getInstructions()) {
    const line = lineOf(instruction);
    if (line.text.trim() === '' && MEANS_NOTHING_ALONE.includes(line.keyword)) {
      mistakes.push(`line ${line.number}: ${line.keyword} has no arguments; say what it is about`);
      continue;
    }
    if (line.keyword === 'FROM') {
      const [base, as, name, ...rest] = splitWords(line.text, escapeWith);
      if (base === undefined || rest.length > 0 || (as !== undefined && as.toUpperCase() !== 'AS')) {
        mistakes.push(`line ${line.number}: FROM takes an image, or an image AS a name`);
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

/**
 * Comment lines are no part of a continued line, wherever they begin; the parser leaves some of them in. Those before
 * the first instruction stay, because directives are among them; all lines keep their numbers.
 */
function withoutComments(text: string): string {
  let begun = false;
  return text
    .split('\n')
    .map((line) => {
      const comment = /^\s*#/.test(line);
      begun ||= !comment && line.trim() !== '';
      return begun && comment ? '' : line;
    })
    .join('\n');
}

function lineOf(instruction: Instruction): Line {
  const flags = 'getFlags' in instruction ? (instruction.getFlags as () => readonly Flag[])() : []; // only some kinds have them
  return {
    number: instruction.getRange().start.line + 1,
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
