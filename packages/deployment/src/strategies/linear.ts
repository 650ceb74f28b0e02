import { numberIn, objectIn } from './configuration.ts';
import { shifting } from './shifting.ts';
import type { DeploymentConfiguration } from './strategy.ts';

/** Where the configuration says nothing else ("LinearConfiguration", Amazon ECS API Reference). */
const USUAL = { percent: 10, minutes: 6 } as const;

/** Equal shares move, with a rest after each but the last. */
export const linear = shifting({
  name: 'LINEAR',
  waits: (configuration) => {
    const rests = steps(configuration) - 1;
    const minutes = minutesIn(configuration) ?? USUAL.minutes;
    return [[`${rests} linear steps of ${minutes} min`, rests * minutes]];
  },
  shifts: steps,
  betweenShifts: (configuration) => minutesIn(configuration) ?? 0,
});

function steps(configuration: DeploymentConfiguration): number {
  return Math.ceil(
    100 / (numberIn(objectIn(configuration, 'linearConfiguration'), 'stepPercent') ?? USUAL.percent),
  );
}

function minutesIn(configuration: DeploymentConfiguration): number | undefined {
  return numberIn(objectIn(configuration, 'linearConfiguration'), 'stepBakeTimeInMinutes');
}
