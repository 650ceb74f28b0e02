import type { Scenario } from './scenario.ts';

export const placementImpossible: Scenario = {
  says: 'no task can be placed, however long one waits',
  tasks: [{}],
  around: [
    {
      atSeconds: 0,
      kind: 'no-room',
      reason: "You've reached the limit on the number of vCPUs you can run concurrently",
    },
  ],
};
