import type { Definition } from './definition.ts';
import {
  definitionIn,
  OF_SERVICES,
  type Requested,
  requestRules,
  runsOnFargate,
  STARTING,
} from './requested.ts';
import { cpuUnits } from './task-size.ts';

const MOST_PROVIDERS = 20;

/** What only platform version 1.4.0 and later has. */
function needsLatestPlatform({ cpu = '', volumes = [], ephemeralStorage, pidMode }: Definition): boolean {
  return (
    (cpuUnits(cpu) ?? 0) >= 8_192 ||
    volumes.some(({ efsVolumeConfiguration }) => efsVolumeConfiguration !== undefined) ||
    (ephemeralStorage ?? pidMode) !== undefined
  );
}

const providers = (...all: readonly { base?: number; weight?: number }[]): Requested => ({
  capacityProviderStrategy: all.map((one, at) => ({
    capacityProvider: at === 0 ? 'FARGATE' : 'FARGATE_SPOT',
    ...one,
  })),
});

export const launchRules = [
  ...requestRules('CapacityProviderStrategyItem - Amazon Elastic Container Service API Reference', [
    {
      operations: STARTING,
      says: 'A launch type or a strategy of capacity providers is given, not both.',
      *mistakes({ launchType, capacityProviderStrategy = [] }) {
        if (launchType !== undefined && capacityProviderStrategy.length > 0)
          yield 'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.';
      },
      shownBy: [{ launchType: 'FARGATE', ...providers({}) }],
    },
    {
      operations: STARTING,
      says: 'A strategy has up to 20 providers, one of them a base at most, and among several a weight.',
      *mistakes({ capacityProviderStrategy: all = [] }) {
        if (all.length > MOST_PROVIDERS)
          yield `capacityProviderStrategy can have at most ${MOST_PROVIDERS} items.`;
        if (all.filter(({ base = 0 }) => base > 0).length > 1)
          yield 'There are multiple capacity providers in the specified capacity provider strategy with a base value defined.';
        if (all.length > 1 && all.every(({ weight = 0 }) => weight === 0))
          yield 'There are no capacity providers in the capacity provider strategy with a weight value greater than zero.';
        for (const { base = 0, weight = 0 } of all) {
          if (base < 0 || base > 100_000) yield 'base must be between 0 and 100000.';
          if (weight < 0 || weight > 1_000) yield 'weight must be between 0 and 1000.';
        }
      },
      shownBy: [
        providers(...Array.from({ length: 21 }, () => ({ weight: 1 }))),
        providers({ base: 1, weight: 1 }, { base: 1 }),
        providers({}, { weight: 0 }),
        providers({ base: 100_001 }),
        providers({ weight: 1_001 }),
      ],
    },
  ]),
  ...requestRules('CreateService - Amazon Elastic Container Service API Reference', [
    {
      operations: STARTING,
      says: 'Fargate runs what its task definition allows.',
      *mistakes(input, call) {
        const definition = definitionIn(input, call);
        if (definition && runsOnFargate(input) && !definition.compatibilities.includes('FARGATE'))
          yield 'Task definition does not support launch_type FARGATE.';
      },
    },
    {
      operations: STARTING,
      says: 'Fargate places tasks itself.',
      *mistakes(input) {
        if (!runsOnFargate(input)) return;
        if ((input.placementConstraints ?? []).length > 0)
          yield 'Placement constraints are not supported with FARGATE launch type.';
        if ((input.placementStrategy ?? []).length > 0)
          yield 'Placement strategies are not supported with FARGATE launch type.';
      },
      shownBy: [
        { launchType: 'FARGATE', placementConstraints: [{ type: 'distinctInstance' }] },
        { launchType: 'FARGATE', placementStrategy: [{ type: 'random' }] },
      ],
    },
    {
      operations: STARTING,
      says: 'A platform version is for Fargate.',
      *mistakes({ launchType, platformVersion }) {
        if (launchType === 'EC2' && platformVersion !== undefined)
          yield 'The platform version must be null when specifying an EC2 launch type.';
      },
      shownBy: [{ launchType: 'EC2', platformVersion: '1.4.0' }],
    },
    {
      operations: STARTING,
      says: 'A platform version has what the task definition needs.',
      code: 'PlatformTaskDefinitionIncompatibilityException',
      *mistakes(input, call) {
        const definition = definitionIn(input, call);
        if (input.platformVersion === '1.3.0' && definition && needsLatestPlatform(definition.content))
          yield 'One or more of the requested capabilities are not supported.';
      },
    },
    {
      operations: OF_SERVICES,
      says: 'On Fargate a service has as many tasks as are desired, not one on each instance.',
      *mistakes(input) {
        if (input.schedulingStrategy === 'DAEMON' && runsOnFargate(input))
          yield 'The DAEMON scheduling strategy is not supported with the FARGATE launch type.';
      },
      shownBy: [{ launchType: 'FARGATE', schedulingStrategy: 'DAEMON' }],
    },
  ]),
];
