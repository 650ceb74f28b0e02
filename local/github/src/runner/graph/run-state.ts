import type { Artifacts } from '../artifacts.ts';
import type { Host, HostRun, WorkflowSource } from '../ports.ts';
import type { ActionCatalog, CatalogAction } from '../resolve/action-catalog.ts';
import type { ResolvedWorkflow } from '../resolve/resolved-workflow.ts';
import type { Emit } from '../run-event.ts';
import type { RunOptions } from '../run-options.ts';
import type { JobEnd, JobReport } from '../run-result.ts';
import type { Mapping, Strings } from '../value.ts';
import type { ConcurrencyGroups } from './concurrency.ts';
import type { Slots } from './slots.ts';

/** A run under way. */
export interface RunState {
  readonly host: Host;
  readonly run: HostRun;
  readonly source: WorkflowSource;
  readonly options: RunOptions;
  /** The `github` context, without what belongs to a job. */
  readonly github: Mapping;
  readonly catalog: ActionCatalog;
  readonly download: (action: CatalogAction) => Promise<string>;
  readonly slots: Slots;
  readonly groups: ConcurrencyGroups;
  readonly emit: Emit;
  readonly cancel: (reason: string) => void;
  /** Folder of the run; gone when it is over. */
  readonly folder: string;
  readonly reports: JobReport[];
  readonly artifacts: Artifacts;
  /** For a job that calls a workflow, which has jobs of its own. */
  readonly runJobs: (scope: WorkflowScope) => Promise<ReadonlyMap<string, JobEnd>>;
}

/** A workflow of the run being carried out: its own, or one that a job calls. */
export interface WorkflowScope {
  readonly run: RunState;
  readonly workflow: ResolvedWorkflow;
  readonly inputs: Mapping;
  readonly secrets: Strings;
  readonly cancelled: AbortSignal;
  /** `deliver / ` and `deliver/` in a called workflow, empty in the run's own. */
  readonly names: { readonly shown: string; readonly id: string };
  /** Concurrency groups that are held around this workflow. */
  readonly held: ReadonlySet<string>;
}
