import { type FamilyAsked, readUpdateService, readWait } from '../deploy/read-ecs-command.ts';
import { ecsWords } from './commands.ts';
import { expandAll, type HandedOn } from './expand.ts';
import type { DeployPart } from './parts.ts';
import type { Places } from './places.ts';
import type { PushedNames } from './pushed-names.ts';
import type { ShellStatement } from './read-script.ts';
import type { ScriptParts } from './script-parts.ts';
import { resolved, type Surroundings } from './variables.ts';

/** `aws ecs update-service` of a script, with the waits for it. */
export class DeployCommands {
  readonly #script: ScriptParts;
  readonly #places: Places;
  readonly #around: Surroundings;
  readonly #pushes: PushedNames | undefined;

  /** `pushes` are the images that commands push which stay. */
  constructor(script: ScriptParts, places: Places, around: Surroundings, pushes: PushedNames | undefined) {
    this.#pushes = pushes;
    this.#script = script;
    this.#places = places;
    this.#around = around;
  }

  /** Takes a statement in if it is one of these: `true`, or why the script must stay whole. */
  take(statement: ShellStatement): true | string | undefined {
    const words = ecsWords(statement, 'update-service');
    if (words) return this.#deploy(statement, words) ?? true;
    return this.#isAwaited(statement) ? true : undefined;
  }

  #deploy(statement: ShellStatement, words: ShellStatement['words']): string | undefined {
    const used: HandedOn[] = [];
    const texts = expandAll(words, this.#script.variables, used);
    if ('why' in texts) return texts.why;
    const asked = readUpdateService(texts, (name) => this.#newest(name, used));
    if ('why' in asked) return asked.why;
    const images = asked.taskDefinition === undefined ? (this.#pushes?.images() ?? []) : [];
    used.push(...images.flatMap((each) => each.used));
    const pushed = images.map(({ text }) => text);
    const { when } = this.#script;
    const part: DeployPart = { kind: 'deploy', asked, statement, waits: false, used, pushed, when };
    this.#script.parts.push(part);
    this.#places.extend(part);
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
    const texts = words && expandAll(words, this.#script.variables, []);
    const asked = texts && !('why' in texts) ? readWait(texts) : undefined;
    if (!asked) return false;
    const { parts, when } = this.#script;
    const deploys = parts.filter((part): part is DeployPart => part.kind === 'deploy' && part.when === when);
    const awaited = asked.services.map((service) =>
      deploys.findLast((part) => part.asked.service === service && part.asked.cluster === asked.cluster),
    );
    if (awaited.length === 0 || awaited.includes(undefined)) return false;
    for (const part of awaited) {
      if (!part) continue;
      part.waits = true;
      this.#places.extend(part);
    }
    return true;
  }
}
