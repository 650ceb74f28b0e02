import { testSchedules } from '@tenant-delivery/rotation/test/schedule-tests';
import { GITHUB_DEPLOY_KEY } from './stories.ts';

testSchedules('no outage, no lost key, no key of others touched, and an end', GITHUB_DEPLOY_KEY, {
  oneOf: [47, 97],
  controls: (index) => index < 3,
});
