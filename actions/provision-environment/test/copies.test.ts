import { expect, it } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { DAY } from '@tenant-delivery/domain';
import { applied, BACKUPS, byHand, plan, RECOVERY, recovered } from './a-recovery.ts';

/** What recovers the environment is there, as the contract asks. */
async function recoverable() {
  const made = await recovered();
  await byHand(made, RECOVERY);
  await byHand(made, BACKUPS);
  return made;
}

it('is behind where a day went by and no copy of a backup came, and where S3 did not copy the record', async () => {
  const made = await recoverable();
  const now = made.clock.now();
  const backup = { resource: 'arn:aws:s3:::acme-data', status: 'COMPLETED', byPlan: true, copied: false };
  made.copies.points.set('eu-west-1', [{ ...backup, createdAt: now - 2 * DAY }]);
  made.copies.state.replica = { status: 'FAILED', writtenAt: now };
  const { change, outcome } = await applied(made);
  const { recovery = [] } = await made.planOf(change, 'foundation');
  expect(recovery.map(({ state }) => state)).toEqual(['behind', 'behind']);
  expect(outcome).toMatchObject({ outcome: 'unverified', reasonCode: 'RECOVERY_NOT_READY' });
  expect(outcome.headline).toContain('no copy of the backup of arn:aws:s3:::acme-data');
  expect(outcome.headline).toContain('S3 failed to copy td-vault-acme-prod-000011112222/');
  const { outcome: seen } = await made.act('observe', { part: 'foundation' });
  expect(seen.summary).toContain('no copy of the backup of arn:aws:s3:::acme-data');
  made.copies.points.set('eu-central-1', [{ ...backup, copied: true, createdAt: now - DAY }]);
  made.copies.state.replica = { status: 'COMPLETED', writtenAt: now };
  expect((await made.act('verify', { part: 'foundation' })).outcome.outcome).toBe('verified');
});

it('is behind where AWS Backup has no vault for copies, and the bucket no contract', async () => {
  const made = await recoverable();
  made.copies.points.set('eu-central-1', undefined);
  made.copies.state.replica = undefined;
  const { change, outcome } = await plan(made);
  const { recovery = [] } = await made.planOf(change, 'foundation');
  expect(recovery.map(({ state }) => state)).toEqual(['behind', 'behind']);
  expect(outcome.summary).toContain('AWS Backup has no vault td-acme-prod in eu-central-1');
});

it('is unknown where copies could not be seen', async () => {
  const made = await recoverable();
  made.copies.state.fails = new Failure('AWS_DENIED', 'AWS denied the listing', 'Allow it.');
  const { change, outcome } = await applied(made);
  const { recovery = [] } = await made.planOf(change, 'foundation');
  expect(recovery.map(({ state }) => state)).toEqual(['unknown', 'unknown']);
  expect(outcome).toMatchObject({ outcome: 'unverified', reasonCode: 'RECOVERY_NOT_READY' });
});
