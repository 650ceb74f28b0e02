import { testSchedules } from '@tenant-delivery/rotation/test/schedule-tests';
import { IAM_ACCESS_KEY } from './stories.ts';

testSchedules('no outage, no lost key, no key of others touched, and an end', IAM_ACCESS_KEY, {
  oneOf: [23, 23],
  controls: (index, depth) => index < (depth === 0 ? 12 : 4),
});
