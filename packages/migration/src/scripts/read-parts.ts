import { within } from '../build/paths.ts';
import { readDockerBuild } from '../build/read-docker-build.ts';
import { type FamilyAsked, readUpdateService, readWait } from '../deploy/read-ecs-command.ts';
import { asOneLine, BUILDS_OR_DEPLOYS, DEPLOYS, dockerWords, ecsWords, OURS } from './commands.ts';
import { expandAll, type HandedOn, type Variables } from './expand.ts';
import { type BuildPart, type DeployPart, imageKey, type Part } from './parts.ts';
import { PushedNames } from './pushed-names.ts';
import { readScript, type ShellStatement } from './read-script.ts';
import { ScriptParts } from './script-parts.ts';
import { type Placed, standingOf } from './standing.ts';
import { turnsOf } from './turns.ts';
import { resolved, type ScriptVariables, type Surroundings } from './variables.ts';

/** Images that the job has built and not pushed yet, by `imageKey`. */
export type Built = Map<string, BuildPart>;

export interface ReadParts {
  readonly parts: readonly Part[];
  /** Its statements in their order. */
  readonly placed: readonly Placed[];
  /** Of each command that becomes a step: where it begins in `placed`, -1 for an earlier step, and where it ends. */
  readonly spans: readonly (readonly [from: number, to: number])[];
  readonly variables: ScriptVariables;
  /** Names that it gives to images: its own, and those of earlier steps. */
  readonly named: Built;
  /** Images of earlier steps that it gives another name. */
  readonly retagged: readonly BuildPart[];
}

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

/** A script in parts, or why it must stay whole; nothing when it has no command that this project could do. */
export function readParts(
  around: Surroundings,
  reading: Reading,
): ReadParts | { readonly why: string } | undefined {
  const script = around.step.run ?? '';
  if (!OURS.test(asOneLine(script))) return undefined;
  const statements = readScript(script);
  if (typeof statements === 'string') return { why: statements };
  return new Reader(around, reading).read(statements);
}

class Reader {
  readonly #script: ScriptParts;
  readonly #variables: ScriptVariables;
  readonly #parts: Part[];
  readonly #placed: Placed[] = [];
  readonly #spans = new Map<Part, readonly [number, number]>();
  readonly #names: Built;
  readonly #retagged: BuildPart[] = [];
  readonly #around: Surroundings;
  readonly #loads: boolean;
  /** What it pushes itself. */
  readonly #pushes: PushedNames | undefined;

  constructor(around: Surroundings, { id, built, loads, onlyDeploys = false }: Reading) {
    this.#script = new ScriptParts(around, id);
    this.#parts = this.#script.parts;
    this.#variables = this.#script.variables;
    this.#names = new Map(built);
    this.#around = around;
    this.#loads = loads;
    this.#pushes = onlyDeploys ? new PushedNames((name) => imageKey(name, around)) : undefined;
  }

  /** What this reading takes out of the script. */
  get #ours(): RegExp {
    if (this.#pushes) return DEPLOYS;
    return this.#loads ? BUILDS_OR_DEPLOYS : OURS;
  }

  read(statements: readonly ShellStatement[]): ReadParts | { readonly why: string } {
    for (const statement of statements) {
      const why = this.#read(statement);
      if (why !== undefined) return { why };
    }
    return {
      parts: this.#parts,
      placed: this.#placed,
      spans: [...this.#spans.values()],
      variables: this.#variables,
      named: this.#names,
      retagged: this.#retagged,
    };
  }

  #read(statement: ShellStatement): string | undefined {
    const turns = this.#ours.test(asOneLine(statement.does))
      ? turnsOf(statement, this.#variables)
      : undefined;
    if (turns !== undefined) {
      for (const each of turns) {
        const why = this.#read(each);
        if (why !== undefined) return why;
      }
      return undefined;
    }
    const why = this.#take(statement);
    const other = this.#parts.some((part) => part.kind === 'shell' && part.statements.includes(statement));
    this.#placed.push({
      statement,
      standing: other ? standingOf(statement, this.#variables) : 'ours',
    });
    return why;
  }

  /** The statements from the first to the last of a part: what is between them would come after it. */
  #extend(part: Part): void {
    const at = this.#placed.length;
    const from = this.#spans.get(part)?.[0] ?? (this.#parts.includes(part) ? at : -1);
    this.#spans.set(part, [from, at]);
  }

  /** Adds a statement to its part; answers why the script must stay whole. */
  #take(statement: ShellStatement): string | undefined {
    const docker = this.#pushes ? undefined : dockerWords(statement);
    if (docker?.verb === 'build') return this.#build(statement, docker.from);
    if (docker?.verb === 'tag' && !this.#loads) return this.#tag(statement, docker.from);
    if (docker?.verb === 'push' && !this.#loads) return this.#push(statement, docker.from);
    const words = ecsWords(statement, 'update-service');
    if (words) return this.#deploy(statement, words);
    if (this.#isAwaited(statement)) return undefined;
    if (this.#ours.test(asOneLine(statement.does)))
      return 'a condition, a loop, a function or a pipe of its script builds, pushes or deploys';
    this.#pushes?.follow(statement, this.#variables);
    this.#script.add(statement);
    return undefined;
  }

  #build(statement: ShellStatement, from: number): string | undefined {
    if (this.#script.isClassic(statement))
      return '`DOCKER_BUILDKIT=0` also builds stages that the image does not need, such as tests; BuildKit does not';
    const used: HandedOn[] = [];
    const known: Variables = {
      of: (name) => this.#variables.of(name),
      elementsOf: (name) => this.#variables.elementsOf(name),
      resolve: (text) => this.#variables.resolve(text),
      sets: (name) => this.#variables.sets(name),
      ...(this.#loads && { ofShell: (text) => (/^[$`]/.test(text) ? this.#script.kept(text) : undefined) }),
    };
    const given = this.#script.withOptionsRead(statement.words.slice(from), known, used);
    const words = expandAll(given.words, known, used);
    if ('why' in words) return words.why;
    const asked = readDockerBuild(words, {
      folder: within(undefined, this.#script.folder ?? '.'),
      environment: (name) => this.#variables.inEnvironment(name, used),
      isOfTheScript: (name) => this.#variables.sets(name),
      resolve: (text) => resolved(text, this.#around),
    });
    if ('why' in asked) return asked.why;
    const pushed = asked.pushes ? [...asked.tags] : [];
    const loads = this.#loads && !asked.pushes;
    if (loads && asked.tags.length === 0) return 'its `docker build` gives the image no name';
    const told = { ...asked, rows: [...given.rows, ...asked.rows] };
    const names = [...asked.tags];
    const part: BuildPart = { kind: 'build', asked: told, statement, names, pushed, loads, used };
    for (const name of asked.tags) this.#names.set(this.#key(name), part);
    this.#parts.push(part);
    this.#extend(part);
    return undefined;
  }

  #key(name: string): string {
    return imageKey(name, this.#around);
  }

  #tag(statement: ShellStatement, from: number): undefined {
    const used: HandedOn[] = [];
    const words = expandAll(statement.words.slice(from), this.#variables, used);
    const [source, target] = 'why' in words ? [] : words;
    const part = source === undefined ? undefined : this.#names.get(this.#key(source));
    if (!part || target === undefined) this.#script.add(statement);
    else {
      this.#names.set(this.#key(target), part);
      part.names.push(target);
      part.used.push(...used);
      this.#extend(part);
      if (!this.#parts.includes(part)) this.#retagged.push(part);
    }
    return undefined;
  }

  #push(statement: ShellStatement, from: number): string | undefined {
    const used: HandedOn[] = [];
    const words = expandAll(statement.words.slice(from), this.#variables, used);
    if ('why' in words) return words.why;
    const every = words.some((word) => word === '-a' || word === '--all-tags');
    const [name, more] = words.filter((word) => !word.startsWith('-'));
    if (name === undefined || more !== undefined) return 'its `docker push` has not one name';
    const repository = resolved(name, this.#around);
    const isOfIt = (key: string) => key === repository || key.startsWith(`${repository}:`);
    const keys = every ? [...this.#names.keys()].filter(isOfIt) : [this.#key(name)];
    const part = this.#names.get(keys[0] ?? '');
    if (!part)
      return `\`docker push ${name}\` pushes what no build of this job that can be replaced has made`;
    const at = this.#parts.indexOf(part);
    if (every && (at < 0 || keys.some((key) => this.#names.get(key) !== part)))
      return `\`docker push --all-tags ${name}\` pushes tags of several builds, or of another step`;
    if (at >= 0 && this.#parts.slice(at).some(({ kind }) => kind === 'deploy'))
      return `it deploys before \`docker push ${name}\`, and the new step pushes where it builds`;
    part.used.push(...used);
    part.pushed.push(...(every ? part.names.filter((tag) => keys.includes(this.#key(tag))) : [name]));
    this.#extend(part);
    if (!this.#parts.includes(part)) this.#parts.push(part);
    return undefined;
  }

  #deploy(statement: ShellStatement, words: ShellStatement['words']): string | undefined {
    const used: HandedOn[] = [];
    const texts = expandAll(words, this.#variables, used);
    if ('why' in texts) return texts.why;
    const asked = readUpdateService(texts, (name) => this.#newest(name, used));
    if ('why' in asked) return asked.why;
    const pushed = asked.taskDefinition === undefined ? this.#pushes?.only() : undefined;
    used.push(...(pushed?.used ?? []));
    const part: DeployPart = { kind: 'deploy', asked, statement, waits: false, used, pushed: pushed?.text };
    this.#parts.push(part);
    this.#extend(part);
    return undefined;
  }

  /** `update-service` takes the newest revision where it is given a family: so does this. */
  #newest({ name, region }: FamilyAsked, used: HandedOn[]): string | undefined {
    const family = resolved(name, this.#around);
    if (!/^[\w-]+$/.test(family) || (region !== undefined && !/^[a-z\d-]+$/.test(region))) return undefined;
    const [at, query] = [
      region === undefined ? '' : ` --region ${region}`,
      'taskDefinition.taskDefinitionArn',
    ];
    const handedOn = this.#script.assigned(
      'NEWEST_REVISION',
      `$(aws ecs describe-task-definition --task-definition ${family}${at} --query ${query} --output text)`,
    );
    used.push(handedOn);
    return `\${{ steps.${handedOn.by}.outputs.${handedOn.name} }}`;
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
    for (const part of awaited) {
      if (!part) continue;
      part.waits = true;
      this.#extend(part);
    }
    return true;
  }
}
