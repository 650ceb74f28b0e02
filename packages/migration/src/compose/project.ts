import { posix } from 'node:path';
import { fromWorkspace, within } from '../build/paths.ts';
import type { FileAt } from '../workflow.ts';
import { isMembers, type Members, readYaml } from './read-yaml.ts';

/** The compose files of a command, as one. */
export interface Project {
  /** From which its paths are. */
  readonly folder: string;
  /** The files that were read, from the workspace. */
  readonly files: readonly string[];
  readonly name: string | undefined;
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Members;
}

/** What a service says of its image. */
export type Service = Members;

interface Asked {
  /** Where the command runs. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly projectFolder: string | undefined;
}

/** Files that Compose looks for, each with those that it reads on top of it. */
const NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const OVERRIDES = NAMES.map((name) => name.replace('compose.', 'compose.override.'));

/** The project that a compose command finds; or why it cannot be read here. */
export function readProject(asked: Asked, fileAt: FileAt): Project | { readonly why: string } {
  const files = filesOf(asked, fileAt);
  if ('why' in files) return files;
  const read: Members[] = [];
  for (const file of files.paths) {
    const text = fileAt(file);
    if (text === undefined) return { why: `${file} is not beside this workflow` };
    const root = readYaml(text, file);
    if (isWhy(root)) return root;
    if (root['include'] !== undefined) return { why: `${file} includes other files` };
    read.push(root);
  }
  const services: Record<string, Service> = {};
  for (const root of read) {
    for (const [name, service] of Object.entries(membersIn(root['services']))) {
      const before = services[name];
      const merged = before ? mergedService(before, membersIn(service), name) : membersIn(service);
      if (isWhy(merged)) return merged;
      services[name] = merged;
    }
  }
  const [first = ''] = files.paths;
  const folder = asked.projectFolder ?? posix.dirname(first);
  const names = read.flatMap((root) => (typeof root['name'] === 'string' ? [root['name']] : []));
  const secrets = Object.assign({}, ...read.map((root) => membersIn(root['secrets']))) as Members;
  return { folder: within(undefined, folder), files: files.paths, name: names.at(-1), services, secrets };
}

/** A member that is called `why` is none of ours: a reason is a text. */
export function isWhy(read: object): read is { readonly why: string } {
  return 'why' in read && typeof read.why === 'string' && Object.keys(read).length === 1;
}

export function membersIn(value: unknown): Members {
  return isMembers(value) ? value : {};
}

type Files = { readonly paths: readonly string[] } | { readonly why: string };

function filesOf({ folder, files }: Asked, fileAt: FileAt): Files {
  if (folder.includes('${{')) return { why: `this file does not say in which folder ${folder} Compose runs` };
  if (files.length === 0) return foundFrom(folder, fileAt);
  const paths: string[] = [];
  for (const file of files) {
    const path = fromWorkspace(folder, file);
    if ('why' in path) return path;
    if (path.text.includes('${{') || file === '-')
      return { why: `this file does not say which file ${file} is` };
    paths.push(path.text);
  }
  return { paths };
}

/** The nearest folder with a compose file, upwards. */
function foundFrom(start: string, fileAt: FileAt): Files {
  for (let folder = within(undefined, start); ; folder = within(undefined, posix.dirname(folder))) {
    const there = (names: readonly string[]) =>
      names.map((name) => within(folder, name)).find((path) => fileAt(path) !== undefined);
    const file = there(NAMES);
    const override = file && there(OVERRIDES);
    if (file) return { paths: override ? [file, override] : [file] };
    if (folder === '.') return { why: `no compose file is beside this workflow in ${start}` };
  }
}

/** Members of a service that are looked at here. A later file adds to them. */
function mergedService(before: Service, after: Service, name: string): Service | { readonly why: string } {
  const build = mergedBuild(buildOf(before['build']), buildOf(after['build']), name);
  if (isWhy(build)) return build;
  const profiles = [before, after].filter((each) => each['profiles'] !== undefined);
  if (profiles.length > 1) return { why: `two files give \`profiles\` to ${name}` };
  return { ...before, ...after, ...(Object.keys(build).length > 0 && { build }) };
}

/** `build` as members: a text is its context. */
export function buildOf(build: unknown): Members {
  return typeof build === 'string' ? { context: build } : membersIn(build);
}

const BY_NAME = ['args', 'labels', 'additional_contexts'];

function mergedBuild(before: Members, after: Members, name: string): Members | { readonly why: string } {
  const merged: Record<string, unknown> = { ...before, ...after };
  for (const member of Object.keys(after).filter((each) => each in before)) {
    const [one, other] = [before[member], after[member]];
    if (BY_NAME.includes(member)) merged[member] = { ...byName(one), ...byName(other) };
    else if (typeof one === 'object' || typeof other === 'object')
      return { why: `two files give \`build.${member}\` to ${name}` };
  }
  return merged;
}

/** `NAME=VALUE` in a list as members; a name without a value has none. */
export function byName(value: unknown): Members {
  if (!Array.isArray(value)) return membersIn(value);
  return Object.fromEntries(
    value.map((entry) => {
      const text = String(entry);
      const at = text.indexOf('=');
      return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
