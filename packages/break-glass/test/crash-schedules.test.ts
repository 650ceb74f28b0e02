import { testSchedules } from '@tenant-delivery/rotation/test/schedule-tests';
import { BREAK_GLASS } from './stories.ts';

testSchedules(
  'nobody gets in beyond the end of a grant, everybody until then, and closed is closed',
  BREAK_GLASS,
  { oneOf: [17, 17] },
);
