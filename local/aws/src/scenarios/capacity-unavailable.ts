import type { Scenario } from './scenario.ts';

export const capacityUnavailable: Scenario = {
  says: 'for a minute there is no capacity for a task',
  tasks: [{}],
  around: [
    {
      atSeconds: 0,
      kind: 'no-room',
      reason:
        'Capacity is unavailable at this time. Please try again later or in a different availability zone. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
    },
    { atSeconds: 60, kind: 'room-again' },
  ],
};
