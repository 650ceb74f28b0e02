import type { Scenario } from './scenario.ts';

export const healthy: Scenario = {
  says: 'every task is healthy three seconds after its start',
  tasks: [{}],
};
