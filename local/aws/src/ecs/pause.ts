import { type Draft, later } from './draft.ts';
import type { PauseStage } from './rollout-plan.ts';
import type { HookState, ServiceDeployment } from './state.ts';

/** Begins the pauses of a stage, if it has any. */
export function pause(draft: Draft, open: ServiceDeployment, stage: PauseStage): boolean {
  const { now, names } = draft.at;
  const hooks = open.plan.hooks
    .filter(({ stages }) => stages.includes(stage))
    .map(
      ({ timeoutMinutes, timeoutAction }): HookState => ({
        id: `ecs-pause-${names.short()}${names.short()}`,
        status: 'AWAITING_ACTION',
        expiresAt: now + timeoutMinutes * 60_000,
        timeoutAction,
      }),
    );
  open.hooks.push(...hooks);
  for (const { id, expiresAt } of hooks) {
    later(draft, expiresAt - now, { kind: 'hook-expired', serviceDeployment: open.arn, hook: id });
  }
  return hooks.length > 0;
}

export function isPaused({ hooks }: ServiceDeployment): boolean {
  return hooks.some(({ status }) => status === 'AWAITING_ACTION');
}

/** The deployment goes another way: nobody can answer its pauses any more. */
export function endPauses({ hooks }: ServiceDeployment): void {
  for (const hook of hooks) if (hook.status === 'AWAITING_ACTION') hook.status = 'FAILED';
}
