/** What a service's deployment configuration says about how a deployment goes; a deployment keeps the one it began with. */
export interface RolloutPlan {
  readonly strategy: Strategy;
  /** Both sides run on for this long after all production traffic has shifted. */
  readonly bakeMinutes: number;
  readonly linear: LinearPlan;
  readonly canary: CanaryPlan;
  readonly hooks: readonly PauseHook[];
  readonly alarms: AlarmPlan;
  /** Of a rolling update alone. */
  readonly earlySuccess: EarlySuccess | undefined;
}

export type Strategy = 'ROLLING' | 'BLUE_GREEN' | 'LINEAR' | 'CANARY';

/** Per cent of the production traffic, a multiple of 0.1. */
export interface LinearPlan {
  readonly stepPercent: number;
  /** Between two steps; not after the last one. */
  readonly stepBakeMinutes: number;
}

export interface CanaryPlan {
  readonly percent: number;
  readonly bakeMinutes: number;
}

/** Waits at each of its stages until somebody continues or rolls back, or until it times out. */
export interface PauseHook {
  readonly stages: readonly PauseStage[];
  readonly timeoutMinutes: number;
  readonly timeoutAction: HookAction;
}

/** CloudWatch alarms that fail a deployment. */
export interface AlarmPlan {
  readonly enable: boolean;
  readonly names: readonly string[];
  readonly rollback: boolean;
}

/** A deployment is successful before its last new task is healthy, or before its last old task is gone. */
export interface EarlySuccess {
  /** Per cent of the desired count, rounded up. */
  readonly healthyPercent: number;
  readonly cleanup: 'BLOCKING' | 'DEFERRED';
}

export type HookAction = 'CONTINUE' | 'ROLLBACK';

export const PAUSE_STAGES = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
] as const;

export type PauseStage = (typeof PAUSE_STAGES)[number];

/** ECS's defaults, in the doc comments of LinearConfiguration and CanaryConfiguration. */
export const LINEAR: LinearPlan = { stepPercent: 10, stepBakeMinutes: 6 };
export const CANARY: CanaryPlan = { percent: 5, bakeMinutes: 10 };

export const ROLLING: RolloutPlan = {
  strategy: 'ROLLING',
  bakeMinutes: 0,
  linear: LINEAR,
  canary: CANARY,
  hooks: [],
  alarms: { enable: false, names: [], rollback: false },
  earlySuccess: undefined,
};

/** Old and new tasks stand side by side, and traffic shifts from the ones to the others. */
export function isTwoSided({ strategy }: RolloutPlan): boolean {
  return strategy !== 'ROLLING';
}

/** One shift of the production traffic, and how long it then rests. */
export interface TrafficStep {
  /** Per cent that the new revision has afterwards. */
  readonly percent: number;
  readonly restMinutes: number;
}

/** How the production traffic shifts. It always ends at 100, and rests there for the bake time alone. */
export function trafficSteps({ strategy, linear, canary }: RolloutPlan): readonly TrafficStep[] {
  const whole = { percent: 100, restMinutes: 0 };
  if (strategy === 'CANARY' && canary.percent < 100) {
    return [{ percent: canary.percent, restMinutes: canary.bakeMinutes }, whole];
  }
  if (strategy !== 'LINEAR') return [whole];
  const before = Math.ceil(100 / linear.stepPercent) - 1;
  const steps = Array.from({ length: before }, (_, index) => ({
    percent: Math.round((index + 1) * linear.stepPercent * 10) / 10,
    restMinutes: linear.stepBakeMinutes,
  }));
  return [...steps, whole];
}
