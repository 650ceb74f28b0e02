import type { Scenario } from './scenario.ts';

export const zoneShiftedAway: Scenario = {
  says: 'somebody has moved traffic away from a zone; its tasks stay healthy and get no requests',
  tasks: [{}],
  around: [{ atSeconds: 5, kind: 'zone-shifted-away' }],
};
