import type { OwnConfiguration } from './strategies.ts';

/** What a service's deployment configuration says about how a deployment goes; a deployment keeps the one it began with. */
export interface RolloutPlan {
  readonly strategy: string;
  /** Old and new tasks stand side by side, and traffic shifts from the ones to the others. */
  readonly twoSided: boolean;
  /** How the production traffic shifts. It always ends at 100, and rests there for the bake time alone. */
  readonly steps: readonly TrafficStep[];
  /** What the configuration says of this strategy alone, as ECS describes it. */
  readonly own: OwnConfiguration;
  /** Both sides run on for this long after all production traffic has shifted. */
  readonly bakeMinutes: number;
  readonly hooks: readonly PauseHook[];
  readonly alarms: AlarmPlan;
  /** Of a rolling update alone. */
  readonly earlySuccess: EarlySuccess | undefined;
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

export const ROLLING: RolloutPlan = {
  strategy: 'ROLLING',
  twoSided: false,
  steps: [{ percent: 100, restMinutes: 0 }],
  bakeMinutes: 0,
  own: {},
  hooks: [],
  alarms: { enable: false, names: [], rollback: false },
  earlySuccess: undefined,
};

/** One shift of the production traffic, and how long it then rests. */
export interface TrafficStep {
  /** Per cent that the new revision has afterwards. */
  readonly percent: number;
  readonly restMinutes: number;
}
