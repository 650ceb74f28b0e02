import type { Scenario } from './scenario.ts';

export const deploymentStoppedByAPerson: Scenario = {
  says: 'somebody stops the service deployment while it is under way',
  tasks: [{ healthyAfterSeconds: 120 }],
  given: { gracePeriodSeconds: 300 },
  around: [{ atSeconds: 15, kind: 'deployment-stopped' }],
};
