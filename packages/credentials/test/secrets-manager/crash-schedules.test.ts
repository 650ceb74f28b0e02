import { testSchedules } from '@tenant-delivery/rotation/test/schedule-tests';
import { SECRETS_MANAGER } from './stories.ts';

testSchedules('no outage, no value that does not work, and an end', SECRETS_MANAGER, {
  oneOf: [19, 53],
  controls: (index) => index < 6,
});
