import type { Scenario } from './scenario.ts';

export const anomaly: Scenario = {
  says: 'the first task of the release is healthy, but the load balancer finds its answers out of line',
  tasks: [{ anomalousAfterSeconds: 5 }, {}],
};
