import { describe, expect, it } from '@jest/globals';
import { judgeScan, type ScanReply } from '../src/index.ts';

const PUSHED = 1_700_000_000_500;
const complete: ScanReply = { status: 'COMPLETE', completedAt: PUSHED + 4_000, listed: 2, counted: 2 };

describe('an inspection', () => {
  it('is evidence only when complete, dated after the push and counted in full', () => {
    expect(judgeScan(complete, PUSHED).kind).toBe('evidence');
    expect(judgeScan({ ...complete, listed: 0, counted: 0 }, PUSHED).kind).toBe('evidence');
  });

  it.each<[string, ScanReply]>([
    ['has no completion time', { status: 'COMPLETE', listed: 0, counted: 0 }],
    ['has no counts', { status: 'COMPLETE', completedAt: PUSHED + 1, listed: 0 }],
    ['lists fewer rows than it counts', { ...complete, listed: 1 }],
    ['is older than the push', { ...complete, completedAt: PUSHED - 60_000 }],
    ['is pending with empty lists', { status: 'PENDING', listed: 0 }],
    ['is in progress', { status: 'IN_PROGRESS', listed: 0 }],
  ])('is waited for while it %s', (_, reply) => {
    expect(judgeScan(reply, PUSHED).kind).toBe('wait');
  });

  it.each([
    'FAILED',
    'UNSUPPORTED_IMAGE',
    'LIMIT_EXCEEDED',
    'SCAN_ELIGIBILITY_EXPIRED',
    'IMAGE_ARCHIVED',
    'ACTIVE',
    'NEW_IN_2027',
    '',
  ])('with status %p is no evidence, however empty its list', (status) => {
    expect(judgeScan({ status, completedAt: PUSHED + 1, listed: 0, counted: 0 }, PUSHED).kind).toBe(
      'no-evidence',
    );
  });
});
