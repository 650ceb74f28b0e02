import type { Scenario } from './scenario.ts';

export const canary: Scenario = {
  says: 'a tenth of the traffic goes to the new side for two minutes, then all of it, then it bakes for one',
  given: {
    strategy: {
      strategy: 'CANARY',
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 2 },
      bakeTimeInMinutes: 1,
    },
  },
  tasks: [{}],
};
