import type { Scenario } from './scenario.ts';

export const crashLoop: Scenario = {
  says: 'every task ends with exit code 1 two seconds after its start, for want of a database',
  tasks: [
    {
      exit: { code: 1, afterSeconds: 2 },
      log: [
        { atSeconds: 0.5, line: 'starting' },
        { atSeconds: 1.5, line: 'Error: connect ECONNREFUSED 10.20.9.9:5432' },
      ],
    },
  ],
};
