import { posix } from 'node:path';
import { fromWorkspace, within } from '../build/paths.ts';
import { actionOf, labelOf, type Step } from '../workflow.ts';
import { type Dotenv, readDotenv } from './dotenv.ts';
import type { ComposePlace } from './place.ts';
import type { Value } from './substitute.ts';

/** What the files of variables say of a name that the environment does not have. */
export interface OfFiles {
  (name: string): Value;
  /** The file that Compose reads if it is there when the job runs. */
  readonly found?: string;
}

const NOTHING: Value = { kind: 'shell' };

/** The files of variables of a command: those that it names, or `.env` in the folder of the project. */
export function envFiles(
  given: readonly string[],
  projectFolder: string,
  place: ComposePlace,
): OfFiles | { readonly why: string } {
  if (given.length > 0) {
    const read: OfFiles[] = [];
    for (const file of given) {
      const path = fromWorkspace(place.folder, file);
      if ('why' in path) return path;
      read.push(ofFile(path.text, place, true));
    }
    // The last one counts.
    return (name) => read.map((of) => of(name)).findLast((value) => value !== NOTHING) ?? NOTHING;
  }
  const file = within(projectFolder, '.env');
  const beside = within(place.folder, '.env');
  if (beside !== file && place.fileAt(beside) !== undefined)
    return { why: `versions of Compose differ in whether they read ${beside}` };
  return Object.assign(ofFile(file, place, false), { found: file });
}

function ofFile(file: string, place: ComposePlace, must: boolean): OfFiles {
  const writer = place.writerOf(file);
  const unknown = (name: string, why: string): Value => ({ kind: 'unknown', why: `${why} ${name}` });
  if (writer !== undefined)
    return (name) => unknown(name, `${writer} writes or changes ${file}, which may set`);
  const text = place.fileAt(file);
  if (text === undefined)
    return must ? (name) => unknown(name, `${file} is not beside this workflow, and may set`) : () => NOTHING;
  const read = readDotenv(text, file);
  if (!(read instanceof Map))
    return (name) => unknown(name, `${(read as { why: string }).why}, which may set`);
  const ignored = isIgnored(file, place);
  return (name) => {
    const value = (read as Dotenv).get(name);
    if (value === undefined) return NOTHING;
    if (ignored) return unknown(name, `${ignored} names ${file}, so a runner may not have it, and it sets`);
    return 'why' in value ? { kind: 'unknown', why: value.why } : { kind: 'shell', otherwise: value.text };
  };
}

/** The `.gitignore` that may keep a file out of the repository: it is of this machine alone then. */
export function isIgnored(file: string, { fileAt }: ComposePlace): string | undefined {
  const names = file.split('/');
  for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
    const ignore = within(folder, '.gitignore');
    const patterns = (fileAt(ignore) ?? '').split(/\r?\n/).filter((line) => /^\s*[^#!\s]/.test(line));
    if (patterns.some((pattern) => names.some((name) => matches(name, pattern)))) return ignore;
    if (folder === '.' || folder === '/') return undefined;
  }
}

/** Whether the last part of a pattern is the name of a file or of a folder that it is in. */
function matches(name: string, pattern: string): boolean {
  const last =
    pattern
      .trim()
      .replace(/\/+(?:\*\*)?$/, '')
      .split('/')
      .at(-1) ?? '';
  const form = last
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  try {
    return new RegExp(`^${form}$`).test(name);
  } catch {
    return true; // a range that is none: it may match
  }
}

/** Commands that change which files the workspace has. */
const CHANGES_FILES = /\bgit\s+(?:checkout|switch|pull|reset|merge|rebase|stash|clone|submodule)\b/;
const READS_ONLY = /^\s*(?:\w+=\S* )*(?:docker[ -]compose|cat|ls|test|\[)\s[^>]*$/;

/** What may write or change a file before a command: a step, or a command of its own script. */
export function writerOf(
  file: string,
  steps: readonly Step[],
  commands: readonly string[],
): string | undefined {
  const step = steps.find((each) => changes(textOf(each), file) || bringsOthers(each));
  if (step) return `the step "${labelOf(step)}"`;
  const command = commands.find((each) => changes(each, file));
  return command && `\`${command.split('\n')[0]}\` of its script`;
}

function changes(text: string, file: string): boolean {
  const name = posix.basename(file).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const lines = text.split('\n').filter((line) => !READS_ONLY.test(line));
  return CHANGES_FILES.test(text) || new RegExp(`(?<![\\w.-])${name}(?![\\w.-])`).test(lines.join('\n'));
}

/** What a step is told. A key of a cache only counts a file. */
function textOf({ run = '', uses = '', with: given }: Step): string {
  return [run, uses, ...Object.values(given)].join('\n').replace(/hashFiles\([^)]*\)/g, '');
}

/** A checkout of another repository, or into a folder of its own. */
function bringsOthers(step: Step): boolean {
  if (actionOf(step) !== 'actions/checkout') return false;
  const { repository = '', path = '.' } = step.with;
  return !/^(?:\$\{\{ *github\.repository *\}\})?$/.test(repository) || !/^(?:\.\/?)?$/.test(path);
}
