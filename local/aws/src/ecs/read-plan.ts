import type { DeploymentConfiguration, DeploymentLifecycleHook } from '@aws-sdk/client-ecs';
import { invalid, minutes } from './plan-values.ts';
import {
  type AlarmPlan,
  type EarlySuccess,
  PAUSE_STAGES,
  type PauseHook,
  type PauseStage,
  type RolloutPlan,
} from './rollout-plan.ts';
import { strategyIn } from './strategies.ts';
import { whole } from './whole.ts';

const DAY = 1_440; // minutes
const LONGEST_PAUSE = 14 * DAY;

/** The strategy of a request and what belongs to it; what it leaves out has ECS's default. */
export function readPlan(given: DeploymentConfiguration): RolloutPlan {
  const { lifecycleHooks = [] } = given;
  const { name: strategy, twoSided, read } = strategyIn(given);
  if (!twoSided && lifecycleHooks.length > 0) {
    throw invalid(`lifecycleHooks cannot be used with the ${strategy} deployment strategy.`);
  }
  return {
    strategy,
    bakeMinutes: minutes(given.bakeTimeInMinutes, 'bakeTimeInMinutes') ?? 0,
    twoSided,
    ...read(given),
    hooks: lifecycleHooks.map(pauseHook),
    alarms: alarms(given.alarms),
    earlySuccess: earlySuccess(given),
  };
}

function alarms(given: DeploymentConfiguration['alarms']): AlarmPlan {
  const { enable = false, alarmNames: names = [], rollback = false } = given ?? {};
  if (enable && names.length === 0) throw invalid('alarmNames cannot be empty when alarms are enabled.');
  return { enable, names, rollback };
}

function earlySuccess({
  strategy = 'ROLLING',
  minimumHealthyPercent = 100,
  earlySuccessCriteria: given,
}: DeploymentConfiguration): EarlySuccess | undefined {
  if (!given?.enable) return undefined;
  const { healthyPercent, sourceServiceRevisionCleanup: cleanup } = given;
  if (strategy !== 'ROLLING') {
    throw invalid('earlySuccessCriteria is only valid with the ROLLING deployment strategy.');
  }
  if (whole(healthyPercent, 'healthyPercent') === undefined || cleanup === undefined) {
    throw invalid('earlySuccessCriteria needs healthyPercent and sourceServiceRevisionCleanup.');
  }
  const percent = healthyPercent ?? 0;
  if (percent < minimumHealthyPercent || percent > 100) {
    throw invalid('healthyPercent must be between minimumHealthyPercent and 100.');
  }
  return { healthyPercent: percent, cleanup };
}

function pauseHook(given: DeploymentLifecycleHook, index: number): PauseHook {
  const at = `lifecycleHooks[${index}]`;
  if ((given.targetType ?? 'AWS_LAMBDA') !== 'PAUSE') {
    throw invalid(`local-aws runs no Lambda functions: ${at} must have targetType PAUSE.`);
  }
  if (given.hookTargetArn !== undefined) throw invalid(`${at}.hookTargetArn is not valid for a PAUSE hook.`);
  const { lifecycleStages: stages = [], timeoutConfiguration: timeout } = given;
  if (stages.length === 0) throw invalid(`${at}.lifecycleStages cannot be empty.`);
  const wrong = stages.find((stage) => !isPauseStage(stage));
  if (wrong !== undefined) throw invalid(`${at}: a PAUSE hook cannot be configured at ${wrong}.`);
  const timeoutMinutes = whole(timeout?.timeoutInMinutes, `${at}.timeoutInMinutes`) ?? DAY;
  if (timeoutMinutes < 1 || timeoutMinutes > LONGEST_PAUSE) {
    throw invalid(`${at}.timeoutInMinutes must be between 1 and ${LONGEST_PAUSE}.`);
  }
  return {
    stages: stages.filter(isPauseStage),
    timeoutMinutes,
    timeoutAction: timeout?.action ?? 'ROLLBACK',
  };
}

function isPauseStage(stage: string): stage is PauseStage {
  return PAUSE_STAGES.some((one) => one === stage);
}
