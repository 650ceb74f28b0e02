import type { Scenario } from './scenario.ts';

export const alarmGoesOff: Scenario = {
  says: 'all tasks are healthy, but an alarm that the deployment watches goes off after two minutes',
  given: { alarms: ['orders-errors'] },
  tasks: [{}],
  around: [{ atSeconds: 122, kind: 'alarm', name: 'orders-errors' }],
};
