import type { Rule } from '../../rules/rule.ts';
import { containerLimitRules } from './container-limits.ts';
import { containerRules } from './containers.ts';
import { controllerRules } from './controllers.ts';
import { dependencyRules } from './dependencies.ts';
import { deviceRules } from './devices.ts';
import { healthCheckRules } from './health-checks.ts';
import { launchRules } from './launches.ts';
import { linuxRules } from './linux.ts';
import { clusterRules, listRules } from './lists.ts';
import { loadBalancerRules } from './load-balancers.ts';
import { logOptionRules } from './log-options.ts';
import { logRules } from './logs.ts';
import { networkRules } from './networks.ts';
import { oneOffTaskRules } from './one-off-tasks.ts';
import { platformRules } from './platforms.ts';
import { portRules } from './ports.ts';
import { proxyRules } from './proxy.ts';
import { secretRules } from './secrets.ts';
import { serviceRules } from './services.ts';
import { tagRules } from './tags.ts';
import { taskSizeRules } from './task-size.ts';
import { volumeRules } from './volumes.ts';
import { windowsRules } from './windows.ts';

/** What ECS's pages say of task definitions: first rules about one member, then rules that compare several. */
export const taskDefinitionRules: readonly Rule[] = [
  ...containerRules,
  ...platformRules,
  ...taskSizeRules,
  ...containerLimitRules,
  ...portRules,
  ...volumeRules,
  ...dependencyRules,
  ...healthCheckRules,
  ...logRules,
  ...logOptionRules,
  ...secretRules,
  ...linuxRules,
  ...deviceRules,
  ...windowsRules,
  ...proxyRules,
];

export const ecsRules: readonly Rule[] = [
  ...taskDefinitionRules,
  ...tagRules,
  ...clusterRules,
  ...serviceRules,
  ...controllerRules,
  ...oneOffTaskRules,
  ...launchRules,
  ...networkRules,
  ...loadBalancerRules,
  ...listRules,
];
