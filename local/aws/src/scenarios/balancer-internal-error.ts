import type { Scenario } from './scenario.ts';

export const balancerInternalError: Scenario = {
  says: 'the load balancer fails to check the tasks for half a minute, then finds them healthy',
  tasks: [
    {
      startSeconds: 0,
      unhealthy: { answer: { kind: 'not-asked', verdict: 'health-unavailable' }, untilSeconds: 30 },
    },
  ],
};
