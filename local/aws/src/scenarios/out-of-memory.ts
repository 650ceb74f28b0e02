import type { Scenario } from './scenario.ts';

export const outOfMemory: Scenario = {
  says: 'every task is killed for its memory eight seconds after its start',
  tasks: [
    {
      healthyAfterSeconds: 60,
      exit: {
        code: 137,
        afterSeconds: 8,
        reason: 'OutOfMemoryError: Container killed due to memory usage',
      },
      log: [{ atSeconds: 1, line: 'loading the catalogue' }],
    },
  ],
};
