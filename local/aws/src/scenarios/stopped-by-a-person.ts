import type { Scenario } from './scenario.ts';

export const stoppedByAPerson: Scenario = {
  says: 'somebody stops the first task of the release by hand',
  tasks: [
    {
      interrupted: { afterSeconds: 12, code: 'UserInitiated', reason: 'Task stopped by user' },
    },
    {},
  ],
};
