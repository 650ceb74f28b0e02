import { posix } from 'node:path';
import { within } from '../build/paths.ts';
import { type ComposeCommand, readCompose } from '../compose/command.ts';
import { writerOf } from '../compose/env-files.ts';
import type { ComposePlace, InEnvironment, UnlessFile } from '../compose/place.ts';
import { type ComposedService, composedBuilds, composedPushes } from '../compose/read-builds.ts';
import { outputIn } from '../expressions.ts';
import { actionOf } from '../workflow.ts';
import { composeWords } from './commands.ts';
import { expand, expandAll, type HandedOn } from './expand.ts';
import type { ImageCommands } from './image-commands.ts';
import { nameFor } from './made-up-name.ts';
import type { ShellStatement } from './read-script.ts';
import type { ScriptParts } from './script-parts.ts';
import { ofEnvironment, resolved, type Surroundings } from './variables.ts';

/** `docker compose build` and `docker compose push` of a script, as a build for each service. */
export class ComposeCommands {
  readonly #script: ScriptParts;
  readonly #images: ImageCommands;
  readonly #around: Surroundings;
  readonly #loads: boolean;

  constructor(script: ScriptParts, images: ImageCommands, around: Surroundings, loads: boolean) {
    this.#script = script;
    this.#images = images;
    this.#around = around;
    this.#loads = loads;
  }

  /** Takes a statement in if it is one of these: `true`, or why the script must stay whole. */
  take(statement: ShellStatement): true | string | undefined {
    const from = composeWords(statement);
    if (from === undefined) return undefined;
    const used: HandedOn[] = [];
    const words = expandAll(statement.words.slice(from), this.#script.variables, used);
    if ('why' in words) return /\s(?:build|push)\b/.test(statement.own) ? words.why : undefined;
    const command = readCompose(words, (text) => resolved(text, this.#around));
    if (command === undefined) return undefined;
    if ('why' in command) return command.why;
    if (command.verb === 'push' && this.#loads) return undefined;
    if (this.#script.isClassic(statement))
      return '`DOCKER_BUILDKIT=0` also builds stages that the image does not need, such as tests; BuildKit does not';
    const taken =
      command.verb === 'build' ? this.#build(command, statement, used) : this.#push(command, statement, used);
    return taken ?? true;
  }

  #build(command: ComposeCommand, statement: ShellStatement, used: HandedOn[]): string | undefined {
    const builds = composedBuilds(command, this.#place(statement, used));
    if ('why' in builds) return builds.why;
    for (const build of builds) {
      const { asked, names, service } = build;
      if (asked.pushes && names.length === 0)
        return `it pushes the image of the service ${service}, which has no name`;
      const loads = this.#loads && !asked.pushes;
      const made = names.length > 0 ? [] : [nameFor(build.project, service)];
      if (loads && names.length === 0 && build.project === undefined)
        return `Compose names the image of the service ${service} after the folder of the checkout, which no file says: give the service an \`image\``;
      const told = { ...asked, tags: [...asked.tags, ...made] };
      this.#images.add({
        asked: told,
        statement,
        pushed: asked.pushes ? [...names] : [],
        loads,
        used: [...used],
      });
    }
    return undefined;
  }

  #push(command: ComposeCommand, statement: ShellStatement, used: HandedOn[]): string | undefined {
    const services = composedPushes(command, this.#place(statement, used));
    if ('why' in services) return services.why;
    const said = statement.own.split('\n')[0] ?? '';
    if (services.length === 0) return `\`${said}\` pushes nothing: no service has \`build\` and \`image\``;
    for (const service of services) {
      const why = this.#pushOne(service, used, said);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  #pushOne({ service, names }: ComposedService, used: readonly HandedOn[], said: string): string | undefined {
    const [part, ...others] = new Set(names.map((name) => this.#images.named(name)));
    if (part === undefined || others.length > 0)
      return `\`${said}\` pushes the image of ${service}, which no build of this job that can be replaced has made`;
    return this.#images.push(part, { names, used, said });
  }

  #place(statement: ShellStatement, used: HandedOn[]): ComposePlace {
    const { workflow, step, job } = this.#around;
    const script = this.#script;
    return {
      folder: within(undefined, resolved(script.folder ?? '.', this.#around)),
      fileAt: workflow.fileAt,
      writerOf: (file) =>
        writerOf(
          file,
          job.steps.filter(({ from }) => from < step.from),
          this.#before(),
        ),
      environment: (name) => this.#environment(statement, name, used),
      isOfTheScript: (name) => script.variables.sets(name),
      ask: (text, names, unless) => {
        const guard =
          unless && guardOf(unless, within(undefined, resolved(script.folder ?? '.', this.#around)));
        const handedOn = script.keptOnce(text, names, guard);
        used.push(handedOn);
        return { text: `\${{ steps.${handedOn.by}.outputs.${handedOn.name} }}` };
      },
      resolve: (text) => resolved(text, this.#around),
      isGiven: (expression) => isGiven(expression, this.#around),
    };
  }

  /** What stands before the command, what its script has exported, and what the workflow declares. */
  #environment({ assigns }: ShellStatement, name: string, used: HandedOn[]): InEnvironment | undefined {
    const given = assigns.findLast((each) => each.name === name);
    if (given) return { ...expand(given.value, this.#script.variables, used), ofCommand: true };
    if (this.#script.variables.sets(name)) return this.#script.variables.inEnvironment(name, used);
    const known = ofEnvironment(this.#around).of(name);
    return 'text' in known ? { text: known.text } : undefined;
  }

  /** Commands of the script before this one. */
  #before(): readonly string[] {
    return this.#script.parts.flatMap((part) =>
      part.kind === 'shell' ? part.statements.map(({ own }) => own) : [],
    );
  }
}

/** A line that ends the script where a file sets one of the names: Compose would take that. */
function guardOf({ file, names }: UnlessFile, folder: string): string {
  const path = posix.relative(folder, file);
  const form = `^[[:space:]]*(export[[:space:]]+)?(${names.join('|')})[[:space:]]*[=:]`;
  return `if grep -qsE '${form}' ${path}; then echo "::error::${path} sets ${names.join(' or ')}, which the step below does not read"; exit 1; fi`;
}

/** What GitHub has a value for in every run. */
const GIVEN =
  /^github\.(?:sha|ref|ref_name|ref_type|run_id|run_number|run_attempt|repository|repository_owner|actor|workspace|event_name|workflow|job)$/;

function isGiven(expression: string, { job }: Surroundings): boolean {
  const of = outputIn(expression);
  const step = of && job.steps.find(({ id }) => id === of.id);
  return (
    GIVEN.test(expression) ||
    (step !== undefined && of?.output === 'registry' && actionOf(step) === 'aws-actions/amazon-ecr-login')
  );
}
