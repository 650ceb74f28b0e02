import type { Scenario } from './scenario.ts';

export const spotInterruption: Scenario = {
  says: 'the first task of the release loses its Spot capacity, another one takes its place',
  tasks: [
    {
      interrupted: {
        afterSeconds: 20,
        code: 'SpotInterruption',
        reason: 'Your Spot Task was interrupted.',
      },
    },
    {},
  ],
};
