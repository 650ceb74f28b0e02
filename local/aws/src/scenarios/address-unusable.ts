import type { Scenario } from './scenario.ts';

export const addressUnusable: Scenario = {
  says: 'the addresses of the tasks belong to a load balancer, so they can be no targets',
  tasks: [{ unhealthy: { answer: { kind: 'not-asked', verdict: 'address-reserved' } } }],
};
