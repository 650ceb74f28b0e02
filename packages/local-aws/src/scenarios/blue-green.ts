import type { Scenario } from './scenario.ts';

export const blueGreen: Scenario = {
  says: 'a blue/green deployment shifts all traffic at once and bakes for five minutes',
  given: { strategy: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 } },
  tasks: [{}],
};
