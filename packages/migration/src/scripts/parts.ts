import type { BuildAsked } from '../build/read-docker-build.ts';
import type { UpdateAsked } from '../deploy/read-ecs-command.ts';
import type { When } from './branches.ts';
import type { HandedOn } from './expand.ts';
import type { ShellStatement } from './read-script.ts';
import { resolved, type Surroundings } from './variables.ts';

/** Statements that stay a script. */
export interface ShellPart {
  readonly kind: 'shell';
  /** Id of the step that it would become. */
  readonly id: string;
  readonly statements: ShellStatement[];
  /** The branch of the script that it is in. */
  readonly when: When | undefined;
}

/** A `docker build` with its names and pushes. */
export interface BuildPart {
  readonly kind: 'build';
  readonly asked: BuildAsked;
  readonly statement: ShellStatement;
  /** Every name that it has in the runner's Docker. */
  readonly names: string[];
  /** Names that were pushed, as they are written. */
  readonly pushed: string[];
  /** Whether the image stays in the runner's Docker, under its names: commands after the build tag it and push it. */
  readonly loads: boolean;
  /** What its options and its names take from outputs of a step. */
  readonly used: HandedOn[];
  readonly when: When | undefined;
}

export interface DeployPart {
  readonly kind: 'deploy';
  readonly asked: UpdateAsked;
  readonly statement: ShellStatement;
  /** Whether the script waits for it. */
  waits: boolean;
  /** The images that commands of its script have pushed before it, which stay. */
  readonly pushed: readonly string[];
  readonly used: readonly HandedOn[];
  readonly when: When | undefined;
}

export type Part = ShellPart | BuildPart | DeployPart;

/** What two names have in common that mean one image, as far as the file says it. Without a tag docker reads `latest`. */
export function imageKey(name: string, around: Surroundings): string {
  return resolved(name, around).replace(/:latest$/, '');
}

/** The names of a build that nobody pushes: they are in the runner's Docker alone. */
export function localNames({ names, pushed }: BuildPart, around: Surroundings): readonly string[] {
  const keys = pushed.map((name) => imageKey(name, around));
  return names.filter((name) => !keys.includes(imageKey(name, around)));
}
