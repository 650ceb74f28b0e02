import type { OnStackFailure, StackStatus } from '@aws-sdk/client-cloudformation';
import type { Principal } from '../../world/service.ts';
import type { Input, StackResource } from '../state.ts';

/** What is being done to a stack: plain data, so that a later start goes on with it. */
export interface Operation {
  readonly kind: 'create' | 'update' | 'import' | 'delete';
  /** Generated names and request tokens are made of it. */
  readonly id: string;
  /** `ClientRequestToken`, which its events carry. */
  readonly token?: string;
  /** Who acts: a session of the service role, or who called. */
  readonly principal: Principal;
  readonly wanted: Input;
  readonly before?: Input;
  /** Physical ids of what is imported, by logical id. */
  readonly imports: Readonly<Record<string, string>>;
  readonly onFailure: OnStackFailure;
  /** What is made now goes with a rollback, whatever its deletion policy says. */
  readonly retainExceptOnCreate: boolean;
  /** A stack policy for this operation alone. */
  readonly policy?: string;
  /** Resources that a deletion leaves, and those that a continued rollback skips. */
  readonly leave: readonly string[];
  phase: Phase;
  steps: Step[];
  /** What a rollback must bring back: the resource before it was changed, or nothing where it was made. */
  undo: Record<string, Undo>;
  /** What is removed once all went well: old resources of replacements, and those that the template has no more. */
  leftovers: Leftover[];
  /** Nothing new begins, and what is running is broken off. */
  stopping: boolean;
}

export type Phase = 'settle' | 'clean' | 'undo' | 'clean-undone' | 'remove';

export interface Step {
  readonly id: string;
  readonly does: 'settle' | 'restore' | 'remove' | 'remove-leftover';
  readonly logicalId: string;
  /** Steps that come first, by their ids. */
  readonly after: readonly string[];
  state: 'waiting' | 'running' | 'done' | 'failed';
}

export type Undo =
  | { readonly kind: 'made' }
  | { readonly kind: 'changed' | 'replaced'; readonly before: StackResource };

export interface Leftover {
  readonly logicalId: string;
  readonly resource: StackResource;
  readonly keep: boolean;
}

interface Course {
  readonly during: StackStatus;
  /** Where all went well: the last status, or the next phase. */
  readonly ok: StackStatus | Phase;
  readonly failed: StackStatus | Phase;
}

/** "Stack status codes", by what is done and how far it is. */
export const COURSES: Readonly<Record<Operation['kind'], Partial<Readonly<Record<Phase, Course>>>>> = {
  create: {
    settle: { during: 'CREATE_IN_PROGRESS', ok: 'CREATE_COMPLETE', failed: 'undo' },
    undo: { during: 'ROLLBACK_IN_PROGRESS', ok: 'ROLLBACK_COMPLETE', failed: 'ROLLBACK_FAILED' },
    remove: { during: 'DELETE_IN_PROGRESS', ok: 'DELETE_COMPLETE', failed: 'DELETE_FAILED' },
  },
  update: {
    settle: { during: 'UPDATE_IN_PROGRESS', ok: 'clean', failed: 'undo' },
    clean: {
      during: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      ok: 'UPDATE_COMPLETE',
      failed: 'UPDATE_COMPLETE', // what cannot be removed is left behind
    },
    undo: { during: 'UPDATE_ROLLBACK_IN_PROGRESS', ok: 'clean-undone', failed: 'UPDATE_ROLLBACK_FAILED' },
    'clean-undone': {
      during: 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      ok: 'UPDATE_ROLLBACK_COMPLETE',
      failed: 'UPDATE_ROLLBACK_COMPLETE',
    },
  },
  import: {
    settle: { during: 'IMPORT_IN_PROGRESS', ok: 'IMPORT_COMPLETE', failed: 'undo' },
    undo: {
      during: 'IMPORT_ROLLBACK_IN_PROGRESS',
      ok: 'IMPORT_ROLLBACK_COMPLETE',
      failed: 'IMPORT_ROLLBACK_FAILED',
    },
  },
  delete: {
    remove: { during: 'DELETE_IN_PROGRESS', ok: 'DELETE_COMPLETE', failed: 'DELETE_FAILED' },
  },
};

export const isPhase = (one: StackStatus | Phase): one is Phase =>
  ['settle', 'clean', 'undo', 'clean-undone', 'remove'].includes(one);
