import type { DeployRequest } from '@tenant-delivery/deployment/plan/deploy-request';
import { NOTHING_ASKED } from '@tenant-delivery/deployment/plan/nothing-asked';
import type { Plan } from '@tenant-delivery/deployment/plan/plan';

/** A task that is run to its end with the new revision before the service is updated. */
export interface Migration {
  /** The container that runs the command, and whose exit code decides. */
  readonly container: string;
  /** `undefined` runs what the task definition says. */
  readonly command: readonly string[] | undefined;
  readonly minutes: number;
}

/** Where a task definition comes from. */
export type Source =
  | { readonly kind: 'running' }
  | { readonly kind: 'file'; readonly path: string }
  /** An ARN, or `family:revision`. */
  | { readonly kind: 'revision'; readonly name: string };

/** What the inputs ask of a deploy, before files are read and names are looked up. */
export interface ServiceRequest {
  readonly source: Source;
  readonly request: Omit<DeployRequest, 'source'>;
  readonly migration: Migration | undefined;
  /** Images by tag of the input `images`, by container; `undefined` where tags are not resolved but refused. */
  readonly tagged: Readonly<Record<string, string>> | undefined;
  /** Images of the input `images` without a container. */
  readonly unplaced: readonly string[];
}

const { source: _, ...nothing } = NOTHING_ASKED;

/** Nothing is asked but what a change brings by itself. */
export const NOTHING_REQUESTED: ServiceRequest = {
  source: { kind: 'running' },
  request: nothing,
  migration: undefined,
  tagged: undefined,
  unplaced: [],
};

/** The migration as a plan has it. */
export function migrationIn({ migration }: ServiceRequest): Plan['migration'] {
  if (!migration) return null;
  const { container, command, minutes } = migration;
  return { container, command: command ? [...command] : null, minutes };
}
