import type { StackStatus } from '@aws-sdk/client-cloudformation';
import type { Stack } from './state.ts';
import { invalid } from './template/refusals.ts';

const UPDATABLE: readonly StackStatus[] = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
  'UPDATE_FAILED',
  'CREATE_FAILED',
];

/** A stack in progress, or one that can only be deleted, is not updated. */
export function demandUpdatable({ id, status }: Stack): void {
  if (!UPDATABLE.includes(status)) throw invalid(`Stack:${id} is in ${status} state and can not be updated.`);
}
