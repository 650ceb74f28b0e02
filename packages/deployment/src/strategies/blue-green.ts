import { shifting } from './shifting.ts';

/** All traffic moves at once. */
export const blueGreen = shifting({
  name: 'BLUE_GREEN',
  waits: () => [],
  shifts: () => 1,
  betweenShifts: () => 0,
});
