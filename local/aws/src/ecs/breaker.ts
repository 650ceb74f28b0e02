/** ECS deployment circuit breaker, from "How the Amazon ECS deployment circuit breaker detects failures". */
export interface BreakerSettings {
  readonly enable: boolean;
  readonly rollback: boolean;
  /** True: only consecutive failures count. */
  readonly resetOnHealthyTask: boolean;
  readonly threshold: {
    readonly type: 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT' | 'COUNT';
    readonly value: number;
  };
}

export const BREAKER_OFF: BreakerSettings = {
  enable: false,
  rollback: false,
  resetOnHealthyTask: true,
  threshold: { type: 'BOUNDED_PERCENT', value: 50 },
};

/** `desired` is the latest desired count: scaling during a deployment moves the threshold. At least 1. */
export function breakerThreshold({ threshold }: BreakerSettings, desired: number): number {
  if (threshold.type === 'COUNT') return Math.max(1, threshold.value);
  const share = Math.ceil((desired * threshold.value) / 100);
  return threshold.type === 'BOUNDED_PERCENT' ? Math.min(200, Math.max(3, share)) : Math.max(1, share);
}

/** How a task ended that nobody had asked to end. */
export type TaskFailure =
  /** Not pulled, not started, or exited before it was RUNNING. */
  | 'never-ran'
  /** Its target failed the load balancer's checks, before or at its end. */
  | 'unhealthy'
  /** Ran, then exited without a failed check: what escapes the breaker. */
  | 'exited';

/**
 * Stage 1, while no task of the deployment runs, counts tasks that never ran; stage 2 counts failed health checks.
 * `othersRunning` is the number of RUNNING tasks of the deployment beside the one that failed.
 */
export function breakerCounts(failure: TaskFailure, othersRunning: number): boolean {
  if (failure === 'unhealthy') return true;
  return failure === 'never-ran' && othersRunning === 0;
}
