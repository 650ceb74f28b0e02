import { within } from '../build/paths.ts';
import { readDockerBuild } from '../build/read-docker-build.ts';
import { dockerWords } from './commands.ts';
import { expandAll, type HandedOn, type Variables } from './expand.ts';
import { madeUpName } from './made-up-name.ts';
import { type BuildPart, imageKey } from './parts.ts';
import type { Places } from './places.ts';
import type { ShellStatement } from './read-script.ts';
import type { ScriptParts } from './script-parts.ts';
import { resolved, type Surroundings } from './variables.ts';

/** Images that the job has built and not pushed yet, by `imageKey`. */
export type Built = Map<string, BuildPart>;

/**
 * How a script is read: `id` is that of its step; with `loads`, what it builds stays in the runner's Docker, and it tags and pushes
 * itself; with `onlyDeploys`, it also builds itself.
 */
export interface Reading {
  readonly id: string;
  readonly built: Built;
  readonly loads: boolean;
  readonly onlyDeploys?: boolean;
}

/** Names that a command pushes, and what they take from outputs of a step. */
interface Pushed {
  readonly names: readonly string[];
  readonly used: readonly HandedOn[];
  readonly said: string;
}

const ELSEWHERE = 'stands under another condition of its script than the build of that image';

/** `docker build`, `docker tag` and `docker push` of a script, as builds with the names that are pushed. */
export class ImageCommands {
  /** Names that it gives to images: its own, and those of earlier steps. */
  readonly names: Built;
  /** Images of earlier steps that it gives another name. */
  readonly retagged: BuildPart[] = [];
  readonly #script: ScriptParts;
  readonly #places: Places;
  readonly #around: Surroundings;
  readonly #loads: boolean;

  constructor(script: ScriptParts, places: Places, around: Surroundings, { built, loads }: Reading) {
    this.names = new Map(built);
    this.#script = script;
    this.#places = places;
    this.#around = around;
    this.#loads = loads;
  }

  /** Takes a statement in if it is one of these: `true`, or why the script must stay whole. */
  take(statement: ShellStatement): true | string | undefined {
    const docker = dockerWords(statement);
    if (docker?.verb === 'build') return this.#build(statement, docker.from) ?? true;
    if (docker?.verb === 'tag' && !this.#loads) return this.#tag(statement, docker.from) ?? true;
    if (docker?.verb === 'push' && !this.#loads) return this.#push(statement, docker.from) ?? true;
    return undefined;
  }

  #build(statement: ShellStatement, from: number): string | undefined {
    if (this.#script.isClassic(statement))
      return '`DOCKER_BUILDKIT=0` also builds stages that the image does not need, such as tests; BuildKit does not';
    const used: HandedOn[] = [];
    const known: Variables = {
      of: (name) => this.#script.variables.of(name),
      elementsOf: (name) => this.#script.variables.elementsOf(name),
      resolve: (text) => this.#script.variables.resolve(text),
      sets: (name) => this.#script.variables.sets(name),
      ...(this.#loads && { ofShell: (text) => (/^[$`]/.test(text) ? this.#script.kept(text) : undefined) }),
    };
    const given = this.#script.withOptionsRead(statement.words.slice(from), known, used);
    const words = expandAll(given.words, known, used);
    if ('why' in words) return words.why;
    const asked = readDockerBuild(words, {
      folder: within(undefined, this.#script.folder ?? '.'),
      environment: (name) => this.#script.variables.inEnvironment(name, used),
      isOfTheScript: (name) => this.#script.variables.sets(name),
      resolve: (text) => resolved(text, this.#around),
    });
    if ('why' in asked) return asked.why;
    const pushed = asked.pushes ? [...asked.tags] : [];
    const loads = this.#loads && !asked.pushes;
    if (loads && asked.tags.length === 0) return 'its `docker build` gives the image no name';
    const told = { ...asked, rows: [...given.rows, ...asked.rows] };
    this.add({ asked: told, statement, pushed, loads, used });
    return undefined;
  }

  /** A build, with its names. */
  add(build: Pick<BuildPart, 'asked' | 'statement' | 'pushed' | 'loads' | 'used'>): void {
    const names = [...build.asked.tags];
    const part: BuildPart = { kind: 'build', ...build, names, when: this.#script.when };
    for (const name of names) this.names.set(this.#key(name), part);
    this.#script.parts.push(part);
    this.#places.extend(part);
  }

  /** The build that has this name. */
  named(name: string): BuildPart | undefined {
    const key = this.#key(name);
    return this.names.get(key) ?? madeUpName(key, this.names);
  }

  #key(name: string): string {
    return imageKey(name, this.#around);
  }

  #tag(statement: ShellStatement, from: number): string | undefined {
    const used: HandedOn[] = [];
    const words = expandAll(statement.words.slice(from), this.#script.variables, used);
    const [source, target] = 'why' in words ? [] : words;
    const part = source === undefined ? undefined : this.named(source);
    if (!part || target === undefined) this.#script.add(statement);
    else {
      if (part.when !== this.#script.when) return `\`docker tag ${source} ${target}\` ${ELSEWHERE}`;
      this.names.set(this.#key(target), part);
      part.names.push(target);
      part.used.push(...used);
      this.#places.extend(part);
      if (!this.#script.parts.includes(part)) this.retagged.push(part);
    }
    return undefined;
  }

  #push(statement: ShellStatement, from: number): string | undefined {
    const used: HandedOn[] = [];
    const words = expandAll(statement.words.slice(from), this.#script.variables, used);
    if ('why' in words) return words.why;
    const every = words.some((word) => word === '-a' || word === '--all-tags');
    const [name, more] = words.filter((word) => !word.startsWith('-'));
    if (name === undefined || more !== undefined) return 'its `docker push` has not one name';
    const repository = resolved(name, this.#around);
    const isOfIt = (key: string) => key === repository || key.startsWith(`${repository}:`);
    const keys = every ? [...this.names.keys()].filter(isOfIt) : [this.#key(name)];
    const part = this.names.get(keys[0] ?? '');
    if (!part)
      return `\`docker push ${name}\` pushes what no build of this job that can be replaced has made`;
    const at = this.#script.parts.indexOf(part);
    if (every && (at < 0 || keys.some((key) => this.names.get(key) !== part)))
      return `\`docker push --all-tags ${name}\` pushes tags of several builds, or of another step`;
    const names = every ? part.names.filter((tag) => keys.includes(this.#key(tag))) : [name];
    return this.push(part, { names, used, said: `docker push ${name}` });
  }

  /** Names of a build that a command pushes; or why its step cannot push them. */
  push(part: BuildPart, { names, used, said }: Pushed): string | undefined {
    if (part.when !== this.#script.when) return `\`${said}\` ${ELSEWHERE}`;
    const at = this.#script.parts.indexOf(part);
    if (at >= 0 && this.#script.parts.slice(at).some(({ kind }) => kind === 'deploy'))
      return `it deploys before \`${said}\`, and the new step pushes where it builds`;
    part.used.push(...used);
    part.pushed.push(...names);
    this.#places.extend(part);
    if (!this.#script.parts.includes(part)) this.#script.parts.push(part);
    return undefined;
  }
}
