import { numberIn } from './configuration.ts';
import type { DeploymentConfiguration, Strategy } from './strategy.ts';

/** In which strategies differ that shift traffic. */
interface Shifting extends Pick<Strategy, 'name' | 'waits' | 'shifts'> {
  /** Minutes for which it rests while both fleets get traffic. */
  betweenShifts(configuration: DeploymentConfiguration): number;
}

/** A strategy that starts a second fleet, moves the traffic to it, and rests at the bake before it takes the first away. */
export function shifting({ betweenShifts, ...differing }: Shifting): Strategy {
  return {
    ...differing,
    shiftsTraffic: true,
    endsInService: false,
    hasBreaker: false,
    lostAfter: 60_000, // ECS puts the second target group into a listener rule only on the way
    startsTasksAt: (stage) => stage === 'SCALE_UP',
    restAt: ({ stage, productionWeight = 0 }, configuration) => {
      if (stage === 'BAKE_TIME') return numberIn(configuration, 'bakeTimeInMinutes') ?? 0;
      const between = stage === 'PRODUCTION_TRAFFIC_SHIFT' && productionWeight > 0 && productionWeight < 100;
      return between ? betweenShifts(configuration) : 0;
    },
    addresses: ({ desired }) => desired,
  };
}
