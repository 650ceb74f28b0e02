import type { Scenario } from './scenario.ts';

export const crashAfterHealthy: Scenario = {
  says: 'every task turns healthy and ends with exit code 1 forty seconds after its start',
  tasks: [
    {
      exit: { code: 1, afterSeconds: 40 },
      log: [{ atSeconds: 39, line: 'Error: cannot renew the lease' }],
    },
  ],
};
