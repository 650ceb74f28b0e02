import { expect, test } from '@jest/globals';
import { testSchedules } from '@tenant-delivery/rotation/test/schedule-tests';
import { playSchedules } from '@tenant-delivery/rotation/test/schedules';
import { pullStage } from './stage.ts';
import { PULL_THROUGH } from './stories.ts';

testSchedules(
  'images are pulled all the time, the new credential is proven before the old one goes, and an end',
  PULL_THROUGH,
  { oneOf: [11, 11] },
);

test('a rotation does not close when its owner revoked the new credential in place of the old one', async () => {
  const told = await playSchedules(pullStage({ setting: { confuses: true }, troubles: [] }), []);
  expect(told.violations.join()).toContain('ROTATION_UPSTREAM_LOST');
});
