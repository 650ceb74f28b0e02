import { giveUp } from './deployments.ts';
import { type Draft, openOf } from './draft.ts';
import { isPaused } from './pause.ts';
import type { HookAction } from './rollout-plan.ts';
import { endPause } from './stages.ts';
import type { HookState } from './state.ts';

/** Somebody decided on a pause with ContinueServiceDeployment. */
export function hookAnswered(draft: Draft, arn: string, id: string, action: HookAction): void {
  const status = action === 'CONTINUE' ? 'SUCCEEDED' : 'FAILED';
  decide(draft, arn, id, status, action, 'Rollback was requested with ContinueServiceDeployment.');
}

/** Nobody did in time. */
export function hookExpired(draft: Draft, arn: string, id: string): void {
  decide(draft, arn, id, 'TIMED_OUT', undefined, 'A lifecycle hook timed out.');
}

function decide(
  draft: Draft,
  arn: string,
  id: string,
  status: HookState['status'],
  action: HookAction | undefined,
  reason: string,
): void {
  const open = openOf(draft);
  const hook = open?.hooks.find((one) => one.id === id);
  if (open?.arn !== arn || open.status !== 'IN_PROGRESS' || hook?.status !== 'AWAITING_ACTION') return;
  hook.status = status;
  open.updatedAt = draft.at.now;
  if ((action ?? hook.timeoutAction) === 'ROLLBACK') giveUp(draft, open, 'Lifecycle hook:', reason);
  else if (!isPaused(open)) endPause(draft, open);
}
