import type { Scenario } from './scenario.ts';

export const checksWrongCode: Scenario = {
  says: "the load balancer's checks are answered with 503",
  tasks: [{ unhealthy: { answer: { kind: 'answered', status: 503 } } }],
};
