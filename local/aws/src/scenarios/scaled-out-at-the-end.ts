import type { Scenario } from './scenario.ts';

export const scaledOutAtTheEnd: Scenario = {
  says: 'autoscaling raises the desired count to four right after the end, and the new tasks need twelve minutes',
  tasks: [{ startSeconds: 106 }, { startSeconds: 106 }, { startSeconds: 720 }],
  around: [{ atSeconds: 151.4, kind: 'scaled', desired: 4 }],
};
