import type { Scenario } from './scenario.ts';

export const scaledOutMeanwhile: Scenario = {
  says: 'autoscaling raises the desired count to four while the release is under way',
  tasks: [{}],
  around: [{ atSeconds: 10, kind: 'scaled', desired: 4 }],
};
