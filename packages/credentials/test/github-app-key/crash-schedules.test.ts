import { testSchedules } from '@tenant-delivery/rotation/test/schedule-tests';
import { GITHUB_APP_KEY } from './stories.ts';

testSchedules('no outage, no lost key, and an end', GITHUB_APP_KEY, {
  oneOf: [29, 61],
  controls: (index) => index < 3,
});
