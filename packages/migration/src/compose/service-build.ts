import { fromWorkspace, isAddress, leadsOut, within } from '../build/paths.ts';
import type { Expanded } from '../scripts/expand.ts';
import { buildOf, byName, membersIn, type Project, type Service } from './project.ts';
import { Odd } from './read-yaml.ts';
import { type Environment, substituted } from './substitute.ts';
import { templateOf } from './template.ts';

/** A service as `docker build` from the workspace: its options, and the context behind them. */
export type BuildWords = { readonly words: readonly string[] } | { readonly why: string };

/** Members of `build` that mean the same as an option of `docker build`. */
const ONE: Readonly<Record<string, string>> = { target: '--target' };
const LISTS: Readonly<Record<string, string>> = { cache_from: '--cache-from', cache_to: '--cache-to' };
const MAPS: Readonly<Record<string, string>> = { args: '--build-arg', labels: '--label' };
const FLAGS: Readonly<Record<string, string>> = { no_cache: '--no-cache', pull: '--pull' };
const READ = ['context', 'dockerfile', 'tags', 'platforms', 'secrets', 'additional_contexts'];
const KNOWN = [...[ONE, LISTS, MAPS, FLAGS].flatMap((names) => Object.keys(names)), ...READ];

/** Reads what a service says of its build. */
export class ServiceBuild {
  readonly #service: Service;
  readonly #project: Project;
  readonly #environment: Environment;

  constructor(service: Service, project: Project, environment: Environment) {
    this.#service = service;
    this.#project = project;
    this.#environment = environment;
  }

  /** The names that the image gets and `docker compose push` pushes: `image`, if there is one, and `build.tags`. */
  names(): readonly string[] | { readonly why: string } {
    const build = buildOf(this.#service['build']);
    const image = this.#service['image'];
    const names = this.#texts([...given(image), ...listIn(build['tags'])]);
    return !('why' in names) && names.includes('') ? { why: 'the name of its image is empty' } : names;
  }

  /** What `docker build` would be given, without the names. */
  words(): BuildWords {
    const build = buildOf(this.#service['build']);
    const other = Object.keys(build).find((name) => !KNOWN.includes(name) && !name.startsWith('x-'));
    if (other !== undefined) return { why: `build-and-scan-image has nothing for \`build.${other}\`` };
    const words: string[] = [];
    const parts = [
      ...Object.entries(ONE).map(([name, option]) => this.#options(option, given(build[name]))),
      ...Object.entries(LISTS).map(([name, option]) => this.#options(option, listIn(build[name]))),
      ...Object.entries(MAPS).map(([name, option]) => this.#pairs(option, build[name])),
      ...Object.entries(FLAGS).map(([name, option]) => this.#flag(option, build[name])),
      this.#platforms(build['platforms']),
      this.#secrets(build['secrets']),
      this.#contexts(build['additional_contexts']),
      this.#paths(build),
    ];
    for (const part of parts) {
      if ('why' in part) return part;
      words.push(...part);
    }
    return { words };
  }

  /** A value with its names put in. */
  #text(value: unknown): Expanded {
    if (value instanceof Odd)
      return { why: `YAML reads ${value.source} as a number or a date: put it in quotes` };
    if (typeof value !== 'string') return { why: 'a value of the compose file is no text' };
    if (value.includes('${{')) return { why: `Compose does not read \`${value}\`` };
    const template = templateOf(value);
    return 'why' in template ? template : substituted(template, this.#environment);
  }

  #texts(values: readonly unknown[]): readonly string[] | { readonly why: string } {
    const texts: string[] = [];
    for (const value of values) {
      const text = this.#text(value);
      if ('why' in text) return text;
      texts.push(text.text);
    }
    return texts;
  }

  #options(option: string, values: readonly unknown[]): readonly string[] | { readonly why: string } {
    const texts = this.#texts(values);
    return 'why' in texts ? texts : texts.flatMap((text) => [option, text]);
  }

  /** `args` and `labels`. An argument without a value has that of the environment, and a label none. */
  #pairs(option: string, value: unknown): readonly string[] | { readonly why: string } {
    const words: string[] = [];
    for (const [name, of] of Object.entries(byName(value))) {
      if (name.includes('$')) return { why: `the name ${name} in the compose file has a variable` };
      const empty = option === '--label' && of === null;
      const found = of === null && !empty ? argumentOf(name, this.#environment) : this.#text(empty ? '' : of);
      if ('why' in found) return found;
      words.push(option, `${name}=${found.text}`);
    }
    return words;
  }

  #flag(option: string, value: unknown): readonly string[] | { readonly why: string } {
    if (value === undefined || value === null) return [];
    const text = this.#text(value);
    if ('why' in text) return text;
    if (text.text === 'true') return [option];
    return text.text === 'false' ? [] : { why: `this file does not say whether ${option} is given` };
  }

  /** The platforms of the build, or else the one that the service runs on. */
  #platforms(value: unknown): readonly string[] | { readonly why: string } {
    const own = given(this.#service['platform']);
    const platforms = listIn(value);
    if (platforms.length > 0 && own.length > 0 && platforms[0] !== own[0])
      return { why: 'it runs on another platform than the one that it is built for' };
    if (platforms.length > 1)
      return { why: 'it builds for several platforms, which Docker alone cannot keep' };
    return this.#options('--platform', platforms.length > 0 ? platforms : own);
  }

  #secrets(value: unknown): readonly string[] | { readonly why: string } {
    const words: string[] = [];
    for (const secret of listIn(value)) {
      const named = typeof secret === 'string' ? { source: secret } : membersIn(secret);
      const { source, target = source, ...more } = named;
      if (typeof source !== 'string' || typeof target !== 'string' || Object.keys(more).length > 0)
        return { why: 'a secret of its build has more than a source and a target' };
      const { file, environment, ...others } = membersIn(this.#project.secrets[source]);
      if (
        Object.keys(others).some((name) => name !== 'name') ||
        (file === undefined) === (environment === undefined)
      )
        return { why: `the compose file does not say what the secret ${source} is` };
      const from = file === undefined ? this.#variable(environment) : this.#path(this.#project.folder, file);
      if ('why' in from) return from;
      words.push('--secret', `id=${target},${file === undefined ? 'env' : 'src'}=${from.text}`);
    }
    return words;
  }

  /** A variable that the step itself has: one of a file of variables it would not find. */
  #variable(name: unknown): Expanded {
    const text = this.#text(name);
    if ('why' in text) return text;
    const value = this.#environment.of(text.text);
    return value.kind === 'text' && !value.ofCommand
      ? text
      : { why: `the secret of its build is in ${text.text}, which is not in the environment of the step` };
  }

  #contexts(value: unknown): readonly string[] | { readonly why: string } {
    const words: string[] = [];
    for (const [name, of] of Object.entries(byName(value))) {
      const text = this.#text(of);
      if ('why' in text) return text;
      if (/^[a-z][a-z-]*:/i.test(text.text))
        return { why: `the build context ${name}=${text.text} is no folder of the workspace` };
      const path = this.#path(this.#project.folder, of);
      if ('why' in path) return path;
      words.push('--build-context', `${name}=${path.text}`);
    }
    return words;
  }

  #path(folder: string, value: unknown): Expanded {
    const text = this.#text(value);
    return 'why' in text ? text : fromWorkspace(folder, text.text);
  }

  /** The Dockerfile and the context: paths are from the folder of the project, and the Dockerfile is in the context. */
  #paths(build: Service): readonly string[] | { readonly why: string } {
    const given = this.#text(build['context'] ?? '.');
    if ('why' in given) return given;
    if (isAddress(given.text)) return { why: `the context ${given.text} is no folder of the workspace` };
    const context = fromWorkspace(this.#project.folder, given.text);
    if ('why' in context) return context;
    const file = build['dockerfile'];
    if (file === undefined || file === null) return [context.text];
    const dockerfile = this.#path(context.text, file);
    if ('why' in dockerfile) return dockerfile;
    const path = within(undefined, dockerfile.text);
    return leadsOut(path) ? { why: `${path} is outside of the workspace` } : ['--file', path, context.text];
  }
}

/** The value of a build argument that is given by its name alone. */
export function argumentOf(name: string, environment: Environment): Expanded {
  const value = environment.of(name);
  if (value.kind === 'text') return { text: value.text };
  if (value.kind === 'unknown') return { why: value.why };
  const unset = { why: `the build argument ${name} has no value, and $${name} is not set in this file` };
  return value.otherwise === undefined ? unset : substituted([{ name, operator: '', word: [] }], environment);
}

function given(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : [value];
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : given(value);
}
