import { copiedStage, type StageBase } from './bases.ts';
import type { Dockerfile, Line } from './read.ts';

const SUPPORTED = [
  'COPY',
  'ADD',
  'ARG',
  'ENV',
  'WORKDIR',
  'USER',
  'EXPOSE',
  'LABEL',
  'ENTRYPOINT',
  'CMD',
  'HEALTHCHECK',
];

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  COPY: ['from', 'chown', 'chmod', 'link'],
  ADD: ['chown', 'chmod', 'link'],
  HEALTHCHECK: ['interval', 'timeout', 'start-period', 'start-interval', 'retries'],
};

/** Every line that our own builder cannot carry out, in the stages that are built, each with its remedy. */
export function unsupportedLines(
  dockerfile: Dockerfile,
  bases: ReadonlyMap<number, StageBase>,
  platform: string,
): readonly string[] {
  return [...bases.keys()]
    .sort((a, b) => a - b)
    .flatMap((n) => {
      const stage = dockerfile.stages[n];
      if (stage === undefined) return [];
      const from = fromProblems(stage.from, platform);
      return [...from, ...stage.lines.flatMap((line) => problems(dockerfile, line))];
    });
}

function fromProblems(line: Line, platform: string): readonly string[] {
  const isOwn = (value = '') => value === platform || /^\$\{?(TARGET|BUILD)PLATFORM\}?$/.test(value);
  return line.flags
    .filter((flag) => flag.name !== 'platform' || !isOwn(flag.value))
    .map(
      (flag) => `line ${line.number}: FROM --${flag.name}=${flag.value}; leave it out, or build with buildx`,
    );
}

function problems(dockerfile: Dockerfile, line: Line): readonly string[] {
  const say = (what: string) => [`line ${line.number}: ${what}`];
  const { keyword, text } = line;
  if (keyword === 'RUN') {
    return say(
      'RUN needs a container engine; do this step before the build and COPY its result, or build with buildx',
    );
  }
  if (!SUPPORTED.includes(keyword)) {
    return say(`${keyword} is not supported; remove it, or build with buildx`);
  }
  const flag = line.flags.find(({ name }) => !(FLAGS[keyword] ?? []).includes(name));
  if (flag) return say(`${keyword} --${flag.name} is not supported; remove it, or build with buildx`);
  if (keyword !== 'COPY' && keyword !== 'ADD') return [];
  if (/(^|\s)<<-?["']?\w/.test(text))
    return say(`${keyword} with a here-document; put the text into a file and copy it`);
  if (keyword === 'ADD' && /(^|[\s"[])(https?:\/\/|git@|ssh:\/\/)/.test(text)) {
    return say('ADD of an address; fetch it before the build, check it, and COPY it');
  }
  return [...ownerProblem(line, say), ...modeProblem(line, say), ...stageProblem(dockerfile, line, say)];
}

function ownerProblem(line: Line, say: (what: string) => readonly string[]): readonly string[] {
  const owner = line.flags.find(({ name }) => name === 'chown')?.value ?? '0';
  const known = /^(\d+|root)(:(\d+|root))?$/.test(owner);
  return known ? [] : say(`--chown=${owner} needs the image's user list; give numbers, as --chown=1000:1000`);
}

function modeProblem(line: Line, say: (what: string) => readonly string[]): readonly string[] {
  const mode = line.flags.find(({ name }) => name === 'chmod')?.value ?? '644';
  return /^0?[0-7]{3,4}$/.test(mode) ? [] : say(`--chmod=${mode}; give an octal mode, as --chmod=755`);
}

function stageProblem(
  dockerfile: Dockerfile,
  line: Line,
  say: (what: string) => readonly string[],
): readonly string[] {
  const from = line.flags.find(({ name }) => name === 'from')?.value;
  if (from === undefined || copiedStage(dockerfile, from) !== undefined) return [];
  return say(`--from=${from} is no earlier stage; name the image in a FROM … AS … and copy from that`);
}
