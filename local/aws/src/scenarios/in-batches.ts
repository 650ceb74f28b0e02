import type { Scenario } from './scenario.ts';

export const inBatches: Scenario = {
  says: 'one task after the other is replaced, each within two and a half minutes, and all is well after ten',
  given: {
    gracePeriodSeconds: 300,
    size: { desiredCount: 4, minimumHealthyPercent: 100, maximumPercent: 125 },
  },
  tasks: [{ startSeconds: 40, healthyAfterSeconds: 62 }],
};
