import type { Scenario } from './scenario.ts';

export const linear: Scenario = {
  says: 'a quarter of the traffic more goes to the new side each minute, then it bakes for one',
  given: {
    strategy: {
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 1 },
      bakeTimeInMinutes: 1,
    },
  },
  tasks: [{}],
};
