import { describe, expect, it } from '@jest/globals';
import { DAY, HOUR, MINUTE } from '@tenant-delivery/domain';
import type { RecoveryPoint } from '../src/ports.ts';
import { lackingCopies, lackingReplica } from '../src/recovery/judge-copies.ts';

const NOW = Date.parse('2026-12-01T12:00:00Z');
const DATA = 'arn:aws:s3:::shop-data';
const point = (age: number, more: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
  resource: DATA,
  status: 'COMPLETED',
  createdAt: NOW - age,
  byPlan: true,
  copied: false,
  ...more,
});
const copyOf = (age: number, more: Partial<RecoveryPoint> = {}) => point(age, { copied: true, ...more });
const judged = (backups: readonly RecoveryPoint[], copies: readonly RecoveryPoint[] = []) =>
  lackingCopies({ backups, copies, keptDays: 90, now: NOW });

describe('copies of backups', () => {
  it('of a backup that is older than a day one must have arrived', () => {
    expect(judged([point(2 * DAY)])).toEqual([
      `no copy of the backup of ${DATA} of 2026-11-29T12:00:00.000Z has arrived`,
    ]);
    expect(judged([point(2 * DAY)], [copyOf(2 * DAY - HOUR)])).toEqual([]);
  });

  it('are asked of the newest backup that had its time: an older copy does not vouch for it', () => {
    const backups = [point(9 * DAY), point(2 * DAY), point(HOUR)];
    expect(judged(backups, [copyOf(9 * DAY - HOUR)])).toHaveLength(1);
    expect(judged(backups, [copyOf(2 * DAY - HOUR)])).toEqual([]);
  });

  it.each([
    ['on its way', copyOf(DAY, { status: 'CREATING' })],
    ['of another resource', copyOf(DAY, { resource: 'arn:aws:s3:::other' })],
    ['a backup of the other region itself', point(DAY)],
  ])('are not there while what lies in the vault is %s', (_, found) => {
    expect(judged([point(2 * DAY)], [found])).toHaveLength(1);
  });

  it.each([
    ['nothing was backed up yet', []],
    ['the backup is younger than a day', [point(HOUR)]],
    ['somebody made the backup by hand', [point(2 * DAY, { byPlan: false })]],
    ['the backup failed', [point(2 * DAY, { status: 'EXPIRED' })]],
    ['the copy of so old a backup has ended', [point(91 * DAY)]],
  ])('are not missed where %s', (_, backups) => expect(judged(backups)).toEqual([]));
});

describe('the copy of an object', () => {
  const said = (status: string | undefined, age = 2 * HOUR) =>
    lackingReplica('vault/contract.json', { status, writtenAt: NOW - age }, NOW);

  it('is there, or on its way for an hour', () => {
    expect(said('COMPLETED')).toBeUndefined();
    expect(said('PENDING', 59 * MINUTE)).toBeUndefined();
  });

  it('is late, has failed, or was never asked for', () => {
    expect(said('PENDING')).toContain('still waits for its copy');
    expect(said('FAILED')).toContain('S3 failed to copy vault/contract.json');
    expect(said(undefined)).toContain('S3 Batch Replication brings it');
  });
});
