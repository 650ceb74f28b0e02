import type { Scenario } from './scenario.ts';

export const checksDisabled: Scenario = {
  says: 'the target group checks nothing, so nobody knows whether the tasks are healthy',
  tasks: [{ unhealthy: { answer: { kind: 'not-asked', verdict: 'checks-disabled' } } }],
};
