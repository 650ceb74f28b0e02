import type { Scenario } from './scenario.ts';

export const crashLate: Scenario = {
  says: 'the first tasks run after four minutes and end with exit code 1, which is one failure too many for the breaker',
  given: { breakerCount: 1 },
  tasks: [
    {
      startSeconds: 236,
      exit: { code: 1, afterSeconds: 3 },
      log: [{ atSeconds: 2, line: 'Error: connect ECONNREFUSED 10.20.9.9:5432' }],
    },
  ],
};
