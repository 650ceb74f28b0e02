import type { Scenario } from './scenario.ts';

export const blueGreen: Scenario = {
  says: 'a blue/green deployment shifts all traffic at once and bakes for two minutes',
  given: { strategy: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 2 } },
  tasks: [{}],
};
