import type { Scenario } from './scenario.ts';

export const oneCrash: Scenario = {
  says: 'the first task crashes once, all others are healthy',
  tasks: [{ exit: { code: 1, afterSeconds: 2 } }, {}],
};
