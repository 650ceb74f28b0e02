import type { Scenario } from './scenario.ts';

export const canary: Scenario = {
  says: 'a tenth of the traffic goes to the new side for five minutes, then all of it, then it bakes for two',
  given: {
    strategy: {
      strategy: 'CANARY',
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 5 },
      bakeTimeInMinutes: 2,
    },
  },
  tasks: [{}],
};
