import type { Scenario } from './scenario.ts';

export const targetGroupUnused: Scenario = {
  says: 'no listener sends anything to the target group, so no target of it will ever be healthy',
  given: { targetGroup: 'on no listener' },
  tasks: [{}],
};
