import type { Scenario } from './scenario.ts';

export const shareGrowsSlowly: Scenario = {
  says: 'every task is healthy at once, but the target group lets its share of the requests grow over two minutes',
  given: { slowStartSeconds: 120 },
  tasks: [{}],
};
