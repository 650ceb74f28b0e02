import type { Scenario } from './scenario.ts';

export const blueGreenPaused: Scenario = {
  says: 'a blue/green deployment waits for a person after the test traffic has shifted',
  given: {
    strategy: {
      strategy: 'BLUE_GREEN',
      bakeTimeInMinutes: 5,
      lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }],
    },
  },
  tasks: [{}],
};
