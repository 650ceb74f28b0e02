import Sequencer from '@jest/test-sequencer';

/** Suites of `npm run proof` that take minutes, the longest first. */
const LONGEST = [
  'release-in-the-open',
  'rotation-crashes',
  'deploy-faults',
  'canary-whole',
  'onboarding',
  'deploy-histories',
  'deploy-cancel',
  'local-up',
];

function placeOf({ path }) {
  const place = LONGEST.findIndex((name) => path.endsWith(`/${name}.test.ts`));
  return place === -1 ? LONGEST.length : place;
}

/** Where no run before has measured the suites, Jest begins with the largest files, and a long suite would end alone. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
