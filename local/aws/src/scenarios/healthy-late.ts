import type { Scenario } from './scenario.ts';

export const healthyLate: Scenario = {
  says: 'every task needs a hundred seconds until it runs, then all is well after two and a half minutes',
  tasks: [{ startSeconds: 105 }],
};
