import { within } from '../build/paths.ts';
import { readDockerBuild } from '../build/read-docker-build.ts';
import { readUpdateService, readWait } from '../deploy/read-ecs-command.ts';
import { expandAll, type HandedOn, literalOf, startsWith } from './expand.ts';
import { type BuildPart, type DeployPart, imageKey, type Part, type ShellPart } from './parts.ts';
import { readScript, type ShellStatement } from './read-script.ts';
import { isQuiet, type Placed, standingOf } from './standing.ts';
import { ofEnvironment, resolved, ScriptVariables, type Surroundings } from './variables.ts';

/** What this project could do in place of a command. */
const OURS =
  /\bdocker\s+(?:buildx\s+|image\s+)?(?:build|push|tag)\b|\bdocker\s+buildx\s+b\b|\baws\b[^\n|;]*\becs\s+update-service\b/;

/** Images that the job has built and not pushed yet, by `imageKey`. */
export type Built = Map<string, BuildPart>;

export interface ReadParts {
  readonly parts: readonly Part[];
  /** Its statements in their order. */
  readonly placed: readonly Placed[];
  readonly variables: ScriptVariables;
  /** Names that it gives to images: its own, and those of earlier steps. */
  readonly named: Built;
  /** Images of earlier steps that it gives another name. */
  readonly retagged: readonly BuildPart[];
}

/** A script in parts, or why it must stay whole; nothing when it has no command that this project could do. */
export function readParts(
  around: Surroundings,
  id: string,
  built: Built,
): ReadParts | { readonly why: string } | undefined {
  const script = around.step.run ?? '';
  if (!OURS.test(script.replace(/\\\n/g, ' '))) return undefined;
  const statements = readScript(script);
  if (typeof statements === 'string') return { why: statements };
  return new Reader(around, id, built).read(statements);
}

class Reader {
  readonly #variables: ScriptVariables;
  readonly #parts: Part[] = [];
  readonly #placed: Placed[] = [];
  readonly #names: Built;
  readonly #retagged: BuildPart[] = [];
  readonly #around: Surroundings;
  readonly #id: string;
  #folder: string | undefined;
  #shells = 0;

  constructor(around: Surroundings, id: string, built: Built) {
    this.#variables = new ScriptVariables(ofEnvironment(around));
    this.#names = new Map(built);
    this.#around = around;
    this.#id = id;
    this.#folder = around.step.workingDirectory ?? around.job.workingDirectory;
  }

  read(statements: readonly ShellStatement[]): ReadParts | { readonly why: string } {
    for (const statement of statements) {
      const why = this.#take(statement);
      if (why !== undefined) return { why };
      const other = this.#parts.some((part) => part.kind === 'shell' && part.statements.includes(statement));
      this.#placed.push({
        statement,
        standing: other ? standingOf(statement, this.#variables) : 'ours',
      });
    }
    return {
      parts: this.#parts,
      placed: this.#placed,
      variables: this.#variables,
      named: this.#names,
      retagged: this.#retagged,
    };
  }

  /** Adds a statement to its part; answers why the script must stay whole. */
  #take(statement: ShellStatement): string | undefined {
    const docker = dockerWords(statement);
    if (docker?.verb === 'build') return this.#build(statement, docker.from);
    if (docker?.verb === 'tag') return this.#tag(statement, docker.from);
    if (docker?.verb === 'push') return this.#push(statement, docker.from);
    const words = ecsWords(statement, 'update-service');
    if (words) return this.#deploy(statement, words);
    if (this.#isAwaited(statement)) return undefined;
    if (OURS.test(statement.own.replace(/\\\n/g, ' ')))
      return 'a condition, a loop, a function or a pipe of its script builds, pushes or deploys';
    this.#shell(statement);
    return undefined;
  }

  #build(statement: ShellStatement, from: number): string | undefined {
    const used: HandedOn[] = [];
    const words = expandAll(statement.words.slice(from), this.#variables, used);
    if ('why' in words) return words.why;
    const asked = readDockerBuild(words, {
      folder: within(undefined, this.#folder ?? '.'),
      environment: (name) => this.#variables.inEnvironment(name, used),
      isOfTheScript: (name) => this.#variables.sets(name),
    });
    if ('why' in asked) return asked.why;
    const pushed = asked.pushes ? [...asked.tags] : [];
    const part: BuildPart = { kind: 'build', asked, statement, pushed, used };
    for (const name of asked.tags) this.#names.set(this.#key(name), part);
    this.#parts.push(part);
    return undefined;
  }

  #key(name: string): string {
    return imageKey(name, this.#around);
  }

  #tag(statement: ShellStatement, from: number): undefined {
    const words = expandAll(statement.words.slice(from), this.#variables, []);
    const [source, target] = 'why' in words ? [] : words;
    const part = source === undefined ? undefined : this.#names.get(this.#key(source));
    if (!part || target === undefined) this.#shell(statement);
    else {
      this.#names.set(this.#key(target), part);
      if (!this.#parts.includes(part)) this.#retagged.push(part);
    }
    return undefined;
  }

  #push(statement: ShellStatement, from: number): string | undefined {
    const words = expandAll(statement.words.slice(from), this.#variables, []);
    if ('why' in words) return words.why;
    const every = words.some((word) => word === '-a' || word === '--all-tags');
    const [name, ...more] = words.filter((word) => !word.startsWith('-'));
    if (name === undefined || more.length > 0) return 'its `docker push` has not one name';
    const keys = every
      ? [...this.#names.keys()].filter((key) => key.startsWith(`${resolved(name, this.#around)}:`))
      : [this.#key(name)];
    const part = this.#names.get(keys[0] ?? '');
    if (!part)
      return `\`docker push ${name}\` pushes what no build of this job that can be replaced has made`;
    const at = this.#parts.indexOf(part);
    if (at >= 0 && this.#parts.slice(at).some(({ kind }) => kind === 'deploy'))
      return `it deploys before \`docker push ${name}\`, and the new step pushes where it builds`;
    part.pushed.push(...(every ? part.asked.tags.filter((tag) => keys.includes(this.#key(tag))) : [name]));
    if (!this.#parts.includes(part)) this.#parts.push(part);
    return undefined;
  }

  #deploy(statement: ShellStatement, words: ShellStatement['words']): string | undefined {
    const used: HandedOn[] = [];
    const texts = expandAll(words, this.#variables, used);
    if ('why' in texts) return texts.why;
    const asked = readUpdateService(texts);
    if ('why' in asked) return asked.why;
    this.#parts.push({ kind: 'deploy', asked, statement, waits: false, used });
    return undefined;
  }

  /** `aws ecs wait services-stable` for the service that the part before deploys: the new step waits itself. */
  #isAwaited(statement: ShellStatement): boolean {
    const words = ecsWords(statement, 'wait', 'services-stable');
    const texts = words && expandAll(words, this.#variables, []);
    const asked = texts && !('why' in texts) ? readWait(texts) : undefined;
    if (!asked) return false;
    const deploys = this.#parts.filter((part): part is DeployPart => part.kind === 'deploy');
    const awaited = asked.services.map((service) =>
      deploys.findLast((part) => part.asked.service === service && part.asked.cluster === asked.cluster),
    );
    if (awaited.length === 0 || awaited.includes(undefined)) return false;
    for (const part of awaited) if (part) part.waits = true;
    return true;
  }

  #shell(statement: ShellStatement): void {
    const last = this.#parts.at(-1);
    const part: ShellPart =
      last?.kind === 'shell' ? last : { kind: 'shell', id: this.#nextId(), statements: [] };
    if (part !== last) this.#parts.push(part);
    part.statements.push(statement);
    this.#variables.follow(statement, part.id);
    if (startsWith(statement, 'cd') && isQuiet(statement, this.#variables))
      this.#folder = within(this.#folder, literalOf(statement.words[1]) ?? '');
  }

  #nextId(): string {
    this.#shells += 1;
    return this.#shells === 1 ? `${this.#id}-script` : `${this.#id}-script-${this.#shells}`;
  }
}

type DockerWords = { readonly verb: 'build' | 'tag' | 'push'; readonly from: number };

function dockerWords(statement: ShellStatement): DockerWords | undefined {
  const plain = statement.assigns.every(({ name }) => name === 'DOCKER_BUILDKIT');
  if (!plain || !startsWith(statement, 'docker') || statement.appendsTo !== undefined) return undefined;
  const [second, third] = [literalOf(statement.words[1]), literalOf(statement.words[2])];
  if (second === 'buildx' && (third === 'build' || third === 'b')) return { verb: 'build', from: 3 };
  if (second === 'build' || second === 'tag' || second === 'push') return { verb: second, from: 2 };
  if (second === 'image' && (third === 'build' || third === 'tag' || third === 'push'))
    return { verb: third, from: 3 };
  return undefined;
}

/** The words after `aws … ecs COMMAND`, with the options that stand before `ecs`. */
export function ecsWords(
  statement: ShellStatement,
  ...command: readonly string[]
): ShellStatement['words'] | undefined {
  if (!startsWith(statement, 'aws') || statement.assigns.length > 0 || statement.appendsTo !== undefined)
    return undefined;
  const at = statement.words.findIndex((word) => literalOf(word) === 'ecs');
  if (at < 0 || !command.every((name, index) => literalOf(statement.words[at + 1 + index]) === name))
    return undefined;
  return [...statement.words.slice(1, at), ...statement.words.slice(at + 1 + command.length)];
}
