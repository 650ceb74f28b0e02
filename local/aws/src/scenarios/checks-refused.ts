import type { Scenario } from './scenario.ts';

export const checksRefused: Scenario = {
  says: "the load balancer's checks are refused: nothing listens on the port",
  tasks: [{ unhealthy: { answer: { kind: 'refused' } } }],
};
