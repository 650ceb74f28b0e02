import { numberIn, objectIn } from './configuration.ts';
import { shifting } from './shifting.ts';
import type { DeploymentConfiguration } from './strategy.ts';

const USUAL = 10; // minutes, where the configuration says none ("CanaryConfiguration", Amazon ECS API Reference)

/** A small share moves first, then all the rest. */
export const canary = shifting({
  name: 'CANARY',
  waits: (configuration) => [['the canary', minutesIn(configuration) ?? USUAL]],
  shifts: () => 2,
  betweenShifts: (configuration) => minutesIn(configuration) ?? 0,
});

function minutesIn(configuration: DeploymentConfiguration): number | undefined {
  return numberIn(objectIn(configuration, 'canaryConfiguration'), 'canaryBakeTimeInMinutes');
}
