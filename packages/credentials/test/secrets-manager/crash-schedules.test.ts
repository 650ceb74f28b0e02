import { testSchedules } from '@tenant-delivery/rotation/test/schedule-tests';
import { ECS_SECRET } from './stories.ts';

testSchedules('no outage, no value that does not work, and an end', ECS_SECRET, {
  oneOf: [19, 53],
  controls: (index) => index < 6,
});
