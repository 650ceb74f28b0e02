import type { Scenario } from './scenario.ts';

export const slowStartWithinGrace: Scenario = {
  says: 'every task needs ninety seconds until it is ready, and has a grace period of two minutes',
  given: { gracePeriodSeconds: 120 },
  tasks: [{ healthyAfterSeconds: 90 }],
};
