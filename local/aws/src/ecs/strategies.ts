import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { invalid, minutes, percent } from './plan-values.ts';
import type { TrafficStep } from './rollout-plan.ts';

/** What only one strategy has in a deployment configuration, by ECS's names. */
export type OwnConfiguration = Pick<DeploymentConfiguration, 'linearConfiguration' | 'canaryConfiguration'>;

/** Everything in which strategies differ here. A new one is a row of this table. */
interface Strategy {
  /** Old and new tasks stand side by side, and traffic shifts from the ones to the others. */
  readonly twoSided: boolean;
  /** Its request must say how long both sides run on. */
  readonly needsBake?: true;
  /** What the request says of it and ECS describes, defaults filled in. */
  readonly own?: keyof OwnConfiguration;
  read(given: DeploymentConfiguration): {
    readonly own: OwnConfiguration;
    readonly steps: readonly TrafficStep[];
  };
}

const WHOLE: TrafficStep = { percent: 100, restMinutes: 0 };
const atOnce = () => ({ own: {}, steps: [WHOLE] });

const STRATEGIES: Readonly<Record<string, Strategy>> = {
  ROLLING: { twoSided: false, read: atOnce },
  BLUE_GREEN: { twoSided: true, needsBake: true, read: atOnce },
  /** Defaults by the doc comments of LinearConfiguration and CanaryConfiguration. */
  LINEAR: {
    twoSided: true,
    own: 'linearConfiguration',
    read: ({ linearConfiguration: given }) => {
      const stepPercent = percent(given?.stepPercent, 3, 'stepPercent') ?? 10;
      const restMinutes = minutes(given?.stepBakeTimeInMinutes, 'stepBakeTimeInMinutes') ?? 6;
      const before = Array.from({ length: Math.ceil(100 / stepPercent) - 1 }, (_, index) => ({
        percent: Math.round((index + 1) * stepPercent * 10) / 10,
        restMinutes,
      }));
      return {
        own: { linearConfiguration: { stepPercent, stepBakeTimeInMinutes: restMinutes } },
        steps: [...before, WHOLE],
      };
    },
  },
  CANARY: {
    twoSided: true,
    own: 'canaryConfiguration',
    read: ({ canaryConfiguration: given }) => {
      const canaryPercent = percent(given?.canaryPercent, 0.1, 'canaryPercent') ?? 5;
      const restMinutes = minutes(given?.canaryBakeTimeInMinutes, 'canaryBakeTimeInMinutes') ?? 10;
      return {
        own: { canaryConfiguration: { canaryPercent, canaryBakeTimeInMinutes: restMinutes } },
        steps: [...(canaryPercent < 100 ? [{ percent: canaryPercent, restMinutes }] : []), WHOLE],
      };
    },
  },
};

/** The strategy of a request, which has nothing in it of another one. */
export function strategyIn(given: DeploymentConfiguration): { readonly name: string } & Strategy {
  const { strategy: name = 'ROLLING' } = given;
  const found = Object.hasOwn(STRATEGIES, name) ? STRATEGIES[name] : undefined;
  if (!found) throw invalid(`The deployment strategy ${name} is not valid.`);
  for (const [other, { own }] of Object.entries(STRATEGIES)) {
    if (own && given[own] && other !== name)
      throw invalid(`${own} is only valid with the ${other} deployment strategy.`);
  }
  if (found.needsBake && given.bakeTimeInMinutes === undefined)
    throw invalid(`bakeTimeInMinutes is required with the ${name} deployment strategy.`);
  return { name, ...found };
}
