import type { Scenario } from './scenario.ts';

export const containerCheckFails: Scenario = {
  says: 'the load balancer is content, but the containers fail their own health check',
  given: {
    containerHealthCheck: {
      command: ['CMD-SHELL', '/srv/ready || exit 1'],
      interval: 5,
      timeout: 2,
      retries: 2,
    },
  },
  tasks: [{ sickAfterSeconds: 0 }],
};
