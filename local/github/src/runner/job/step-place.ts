import type { Scope, Status } from '../expressions/scope.ts';
import type { StepDefinition } from '../files/step-definition.ts';
import type { Conclusion } from '../ports.ts';
import type { Origin } from '../resolve/origin.ts';
import { type Mapping, mapping, type Strings } from '../value.ts';
import type { JobState } from './job-state.ts';

/** Where a list of steps runs: in a job, or in a composite action inside it. */
export interface StepPlace {
  readonly origin: Origin;
  readonly status: Status;
  readonly inputs: Mapping;
  /** Composite actions see no secrets. */
  readonly secrets?: Mapping;
  /** Of the composite step around; empty in a job. */
  readonly env: Strings;
  /** `defaults.run`. */
  readonly defaults: Mapping;
  /** The composite action that the steps stand in. */
  readonly action?: { readonly path: string; readonly repository: string; readonly ref: string };
  /** Names that steps without an id have got so far, for `github.action`. */
  readonly names: Map<StepDefinition, string>;
  /** `github.action` of the step that runs. */
  readonly current?: string;
  /** By step id; what `steps` shows. */
  readonly results: Map<string, StepResult>;
  /** What an action keeps from its pre over its main to its post step. */
  readonly instances: Map<StepDefinition, ActionInstance>;
}

export interface StepResult {
  readonly outcome: Conclusion;
  readonly conclusion: Conclusion;
  readonly outputs: Strings;
}

export interface ActionInstance {
  readonly state: Map<string, string>;
  readonly children: Map<StepDefinition, ActionInstance>;
  postIsDue: boolean;
}

export function instanceOf(place: StepPlace, step: StepDefinition): ActionInstance {
  const known = place.instances.get(step);
  if (known) return known;
  const instance: ActionInstance = { state: new Map(), children: new Map(), postIsDue: false };
  place.instances.set(step, instance);
  return instance;
}

/** What the `env` context shows to a step: job, then GITHUB_ENV, then the composite step around, then its own. */
export function envOf(job: JobState, place: StepPlace, own: Strings = {}): Strings {
  return { ...job.env, ...Object.fromEntries(job.added), ...place.env, ...own };
}

/** What an expression of a step can see. */
export function scopeOf(job: JobState, place: StepPlace, own: Strings = {}): Scope {
  const github = mapping(job.contexts['github']);
  const here = place.action
    ? {
        action_path: place.action.path,
        action_repository: place.action.repository,
        action_ref: place.action.ref,
        action_status: place.status.failure()
          ? 'failure'
          : place.status.cancelled()
            ? 'cancelled'
            : 'success',
      }
    : {};
  return {
    contexts: {
      ...job.contexts,
      github: { ...github, ...here, ...(place.current !== undefined && { action: place.current }) },
      job: { ...mapping(job.contexts['job']), status: job.status },
      steps: Object.fromEntries([...place.results].map(([id, result]) => [id, { ...result }])),
      env: envOf(job, place, own),
      inputs: place.inputs,
      secrets: place.secrets ?? null,
    },
    status: place.status,
    workspace: job.folders.workspace,
  };
}

/** The status functions of a job's own steps. */
export function jobStatus(job: Pick<JobState, 'status'>): Status {
  return {
    success: () => job.status === 'success',
    failure: () => job.status === 'failure',
    cancelled: () => job.status === 'cancelled',
  };
}
