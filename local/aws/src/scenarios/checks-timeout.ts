import type { Scenario } from './scenario.ts';

export const checksTimeout: Scenario = {
  says: "the load balancer's checks get no answer in time",
  tasks: [{ unhealthy: { answer: { kind: 'timeout' } } }],
};
