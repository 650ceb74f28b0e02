import { nearest } from '@tenant-delivery/domain';
import { readHealthcheck } from './healthcheck.ts';
import { INSTRUCTIONS, type Instruction } from './instructions.ts';
import { isMixedList, jsonForm } from './json-form.ts';
import type { LogicalLine } from './logical-lines.ts';
import { mountOf } from './mounts.ts';
import type { Line } from './read.ts';
import { splitWords, wordsAtBlanks } from './split-words.ts';

/** What BuildKit's own parser refuses in a line, wherever it is. */
export function lineMistake(
  { unended }: LogicalLine,
  line: Line,
  lineOf: (text: string) => Line,
  escapeWith: string,
): string | undefined {
  const { keyword, text } = line;
  if (unended !== undefined) return `the here-document ${unended} does not end`;
  if (keyword === '') return 'there is no instruction to continue';
  const known = Object.hasOwn(INSTRUCTIONS, keyword) ? INSTRUCTIONS[keyword] : undefined;
  if (known === undefined) return unknown(keyword);
  if (known.arguments.startsWith('list') && isMixedList(text))
    return `${keyword} ${text.trim()} is a list with something that is no text; put each word into double quotes`;
  return (
    countMistake(keyword, text, known, escapeWith) ??
    flagMistake(line, known) ??
    ownMistake(line, lineOf, escapeWith)
  );
}

function unknown(keyword: string): string {
  const near = nearest(keyword, Object.keys(INSTRUCTIONS));
  return `${keyword} is no instruction${near === undefined ? '' : `: did you mean ${near}?`}`;
}

function countMistake(
  keyword: string,
  text: string,
  known: Instruction,
  escapeWith: string,
): string | undefined {
  const count = argumentsOf(text, known, escapeWith).length;
  if (count >= known.least) return undefined;
  return known.least === 1
    ? `${keyword} has no arguments; say what it is about`
    : `${keyword} ${text.trim()} has no target; write sources and a target`;
}

function argumentsOf(text: string, known: Instruction, escapeWith: string): readonly string[] {
  const alone = text.trim() === '' ? [] : [text];
  if (known.arguments === 'list or words') return jsonForm(text) ?? wordsAtBlanks(text);
  if (known.arguments === 'list or command') return jsonForm(text) ?? alone;
  if (known.arguments === 'words') return wordsAtBlanks(text);
  return known.arguments === 'whole' ? alone : splitWords(text, escapeWith);
}

function flagMistake({ keyword, flags, text }: Line, known: Instruction): string | undefined {
  if (keyword === 'HEALTHCHECK' && /^\s*NONE\s*$/i.test(text)) return undefined; // there BuildKit looks at no flag
  for (const [n, { name, value }] of flags.entries()) {
    const kind = Object.hasOwn(known.flags, name) ? known.flags[name] : undefined;
    if (kind === undefined) return `${keyword} has no flag --${name}${near(name, known)}`;
    if (kind !== 'repeated' && flags.findIndex((one) => one.name === name) < n)
      return `${keyword} has --${name} twice; keep one of them`;
    if (kind === 'switch' && !/^(true|false)?$/i.test(value ?? ''))
      return `${keyword} --${name}=${value} is neither true nor false`;
    if ((kind === 'switch' && value === '') || (kind !== 'switch' && value === undefined))
      return `${keyword} --${name} has no value; write --${name}=VALUE`;
  }
  return undefined;
}

function near(name: string, known: Instruction): string {
  const found = nearest(name, Object.keys(known.flags));
  return found === undefined ? '' : `; did you mean --${found}?`;
}

/** What is particular to one instruction. */
function ownMistake(
  { keyword, text, flags }: Line,
  lineOf: (text: string) => Line,
  escapeWith: string,
): string | undefined {
  switch (keyword) {
    case 'COPY':
      return fromMistake(flags);
    case 'ENV':
    case 'LABEL':
      return pairMistake(keyword, text, escapeWith);
    case 'ARG':
      return splitWords(text, escapeWith).some((word) => word.startsWith('='))
        ? 'ARG has a value without a name'
        : undefined;
    case 'HEALTHCHECK':
      return healthcheckMistake({ text, flags });
    case 'SHELL':
      return jsonForm(text) === undefined ? 'SHELL takes a list; write ["/bin/bash", "-c"]' : undefined;
    case 'VOLUME':
      return jsonForm(text)?.some((path) => path.trim() === '') ? 'VOLUME has an empty path' : undefined;
    case 'RUN':
      return runMistake(flags);
    case 'ONBUILD':
      return triggerMistake(lineOf(text), escapeWith);
    default:
      return undefined;
  }
}

function healthcheckMistake(line: Pick<Line, 'text' | 'flags'>): string | undefined {
  try {
    readHealthcheck(line);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return thrown.message;
    throw thrown;
  }
}

/** BuildKit puts variables into most flags, and into this one it does not. */
function fromMistake(flags: Line['flags']): string | undefined {
  const from = flags.find(({ name, value }) => name === 'from' && value?.includes('$'))?.value;
  return from === undefined
    ? undefined
    : `COPY --from=${from} names no stage, because BuildKit puts no variable in there; write FROM ${from} AS a name, and copy from that name`;
}

function runMistake(flags: Line['flags']): string | undefined {
  const value = (wanted: string) => flags.find(({ name }) => name === wanted)?.value;
  const [network = 'default', security = 'sandbox'] = [value('network'), value('security')];
  if (!['default', 'none', 'host'].includes(network))
    return `RUN --network=${network} is unknown; write default, none or host`;
  if (!['sandbox', 'insecure'].includes(security))
    return `RUN --security=${security} is unknown; write sandbox or insecure`;
  const mount = flags.find(
    ({ name, value = '' }) => name === 'mount' && /\$./s.test(mountOf(value).from ?? ''),
  );
  return mount === undefined
    ? undefined
    : `RUN --mount=${mount.value} names no stage, because BuildKit puts no variable into from; write FROM … AS a name, and mount from that name`;
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

/** Of the instruction after ONBUILD, BuildKit looks at its form now, and at its sense when it is triggered. */
function triggerMistake({ keyword, text }: Line, escapeWith: string): string | undefined {
  if (['FROM', 'MAINTAINER', 'ONBUILD'].includes(keyword))
    return `ONBUILD takes no ${keyword}; write it into the Dockerfile that begins with this image`;
  if (INSTRUCTIONS[keyword]?.arguments.startsWith('list') && isMixedList(text))
    return `ONBUILD ${keyword} has a list with something that is no text; put each word into double quotes`;
  return keyword === 'ENV' || keyword === 'LABEL' ? pairMistake(keyword, text, escapeWith) : undefined;
}
