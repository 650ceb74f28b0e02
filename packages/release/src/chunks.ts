import type { CodeSplittingGroup } from 'rolldown';
import { LAZY } from './lazy-modules.ts';

/**
 * Which modules share a file of `dist/`. Each file costs a start about half a millisecond, and so does the code in it
 * that this start never runs, so neither one file nor one for every set of doors is fast. What no group takes is in the
 * file of the one door or client that needs it, or in one with what else the same few of them share.
 */
export const CHUNKS: readonly CodeSplittingGroup[] = [
  { name: 'lazy', test: (id) => id.startsWith(LAZY), priority: 5 },
  // Each action reads its inputs with it. A wrong input needs nothing else.
  { name: 'start', tags: ['$initial'], minShareCount: 2, priority: 4 },
  {
    name: 'sdk',
    test: /\/node_modules\/@(?:aws|aws-crypto|aws-sdk|smithy)\//,
    minShareCount: 2,
    priority: 3,
  },
  // A role is assumed with it while the rest of an action loads.
  { name: 'session', test: /\/packages\/aws\/src\/session\/session\.ts$/, priority: 2 },
  { name: 'delivery', test: /\/packages\/(?!github\/)/, minShareCount: 9, priority: 1 },
];
