import { dropped, type Row, same } from '../draft.ts';
import { hasExpression } from '../expressions.ts';
import { whyNoLines } from './one-line.ts';
import { isAddress, within } from './paths.ts';
import { type BuildPlace, CONTEXT, isOfOptions, type Option, settled } from './settle-option.ts';

/** What `docker build` was told, in the words of build-and-scan-image. */
export interface BuildAsked {
  readonly tags: readonly string[];
  readonly inputs: readonly (readonly [string, string])[];
  /** `NAME=VALUE` of each build argument: a value may have several lines. */
  readonly arguments: readonly string[];
  readonly rows: readonly Row[];
  readonly pushes: boolean;
  /** What a person should look at. */
  readonly notes?: readonly string[];
}

/** Options that are lines of one input. */
const LINES: Readonly<Record<string, string>> = {
  '--label': 'labels',
  '--annotation': 'annotations',
  '--cache-from': 'cache-from',
  '--cache-to': 'cache-to',
  '--build-context': 'build-contexts',
};
const ARGUMENTS: Readonly<Record<string, string>> = { '--build-arg': 'build-args' };
const ONE: Readonly<Record<string, string>> = { '--target': 'target' };
const PLATFORMS: Readonly<Record<string, string>> = { '--platform': 'platforms' };
const FLAGS: Readonly<Record<string, string>> = {
  '--no-cache': 'no-cache',
  '--pull': 'pull',
  '--load': 'load',
};
const BESIDE = 'without a contract nothing is signed, and nothing is stored beside the image';
const DROPPED: Readonly<Record<string, string>> = {
  '--progress': 'it only changes the log',
  '--quiet': 'it only changes the log',
  '-q': 'it only changes the log',
  '--rm': 'it is the default',
  '--provenance': BESIDE,
  '--sbom': BESIDE,
  '--memory': 'a build has what the runner has',
  '-m': 'a build has what the runner has',
  '--memory-swap': 'a build has what the runner has',
  '--cpus': 'a build has what the runner has',
};
const WITH_VALUE = ['--progress', '--memory', '-m', '--memory-swap', '--cpus', '--provenance', '--sbom'];
const VALUED = ['--tag', '--file', '--secret', ...WITH_VALUE];
const LONG: Readonly<Record<string, string>> = { '-t': '--tag', '-f': '--file' };

/** Whether the word after an option is its value. */
export function takesValue(option: string): boolean {
  const name = LONG[option] ?? option;
  return name in LINES || name in ARGUMENTS || name in ONE || name in PLATFORMS || VALUED.includes(name);
}

export function flagIn(option: string): boolean {
  return option in FLAGS;
}

/** The words after `docker build`. Answers why, if something has no place here. */
export function readDockerBuild(
  words: readonly string[],
  place: BuildPlace,
): BuildAsked | { readonly why: string } {
  const read = optionsOf(words);
  if ('why' in read) return read;
  const { options, rest } = read;
  const [context, ...more] = rest;
  if (context === undefined) return { why: 'its `docker build` has no context' };
  if (more.length > 0) return { why: whySeveral(rest) };
  if (isAddress(context)) return { why: `the context ${context} is no folder of the workspace` };
  const told: Option[] = [];
  for (const option of [...options, { name: CONTEXT, value: context }]) {
    const value = settled(option, place);
    if ('why' in value) return value;
    told.push({ ...option, value: value.text });
  }
  const noLines = whyNoLines(told, (text) => place.resolve(text));
  if (noLines !== undefined) return { why: noLines };
  const all = (name: string) => told.filter((option) => option.name === name).map(({ value }) => value);
  // Of an option that docker takes once, the last one counts.
  const last = (name: string) => all(name).slice(-1);
  const [file] = last('--file');
  const [folderOfContext = '.'] = all(CONTEXT);
  const secrets = secretsOf(all('--secret'));
  if ('why' in secrets) return secrets;
  const inputs: (readonly [string, string])[] = [
    ...(folderOfContext === '.' ? [] : [['context', folderOfContext] as const]),
    ...(file === undefined || file === within(folderOfContext, 'Dockerfile')
      ? []
      : [['file', file] as const]),
    ...listed(LINES, all),
    ...listed(ONE, last),
    ...listed(PLATFORMS, all),
    ...Object.entries(FLAGS).flatMap(([flag, name]) =>
      last(flag).map((value) => [name, value === '' ? 'true' : value] as const),
    ),
    ...secrets.inputs,
  ];
  return {
    tags: all('--tag'),
    inputs,
    arguments: all('--build-arg'),
    rows: [
      ...options
        .filter(({ name, value }) => name !== '--tag' && !isOfOptions(value))
        .map(({ name, value }) => rowOf(name, value)),
      rowOfContext(context, folderOfContext),
    ],
    pushes: all('--push').length > 0,
  };
}

/** Docker takes one context. A value without an option before it may hold options, or several of them. */
function whySeveral(rest: readonly string[]): string {
  const open = rest.find((word) => hasExpression(word));
  return open === undefined
    ? `its \`docker build\` has ${rest.length} contexts: ${rest.join(', ')}`
    : `this file does not say which options of \`docker build\` are in ${open}`;
}

function optionsOf(
  words: readonly string[],
): { readonly options: readonly Option[]; readonly rest: readonly string[] } | { readonly why: string } {
  const [options, rest]: [Option[], string[]] = [[], []];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-') || word === '-') {
      rest.push(word);
      continue;
    }
    const [, short = word, joined] = /^(--?[a-z-]+)=(.*)$/s.exec(word) ?? [];
    const name = LONG[short] ?? short;
    const flag = name in FLAGS || ['--push', '--rm', '--quiet', '-q'].includes(name);
    const valued = takesValue(name);
    if (!flag && !valued) return { why: `build-and-scan-image has nothing for \`docker build ${short}\`` };
    if (flag && joined === 'false') continue;
    const next = !flag && joined === undefined;
    options.push({
      name,
      value: flag ? (joined ?? '').replace(/^true$/, '') : (joined ?? words[at + 1] ?? ''),
    });
    if (next) at += 1;
  }
  return { options, rest };
}

function listed(
  names: Readonly<Record<string, string>>,
  all: (name: string) => readonly string[],
): readonly (readonly [string, string])[] {
  return Object.entries(names).flatMap(([option, name]) => {
    const values = all(option);
    return values.length > 0 ? [[name, values.join('\n')] as const] : [];
  });
}

/** `--secret id=ID,env=NAME` or `id=ID,src=PATH`. */
function secretsOf(
  given: readonly string[],
): { readonly inputs: readonly (readonly [string, string])[] } | { readonly why: string } {
  const [variables, files]: [string[], string[]] = [[], []];
  for (const secret of given) {
    const { id, env, src, source } = Object.fromEntries(
      secret.split(',').map((part) => [part.split('=')[0], part.slice(part.indexOf('=') + 1)]),
    );
    const file = src ?? source;
    if (id === undefined || (env === undefined && file === undefined))
      return { why: `the secret \`${secret}\` names neither a variable nor a file` };
    if (file === undefined) variables.push(`${id}=${env}`);
    else files.push(`${id}=${file}`);
  }
  return {
    inputs: [
      ...(variables.length > 0 ? [['secrets', variables.join('\n')] as const] : []),
      ...(files.length > 0 ? [['secret-files', files.join('\n')] as const] : []),
    ],
  };
}

function rowOf(name: string, value: string): Row {
  const said = value === '' ? name : `${name} ${value}`;
  if (name in DROPPED) return dropped(said, DROPPED[name] ?? '');
  if (name === '--file') return same(said, 'file');
  if (name === '--push') return same(said, 'push');
  if (name === '--secret') return same(said, 'secrets');
  return same(said, LINES[name] ?? ARGUMENTS[name] ?? ONE[name] ?? PLATFORMS[name] ?? FLAGS[name]);
}

function rowOfContext(context: string, folder: string): Row {
  return same(`context ${context}`, folder === '.' ? 'the workspace, as without an input' : 'context');
}
