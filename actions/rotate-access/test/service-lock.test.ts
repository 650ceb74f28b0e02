import { expect, test } from '@jest/globals';
import type { JobClaims } from '@tenant-delivery/delivery/claims';
import { rotationLock } from '@tenant-delivery/delivery/rotation-lock';
import { MINUTE } from '@tenant-delivery/domain';
import { takeLock } from '@tenant-delivery/evidence/lock';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';

const DELIVERY = {
  change: 'chg_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  repository: 'acme/orders',
  repositoryId: '1',
  runId: '77',
  runAttempt: 1,
};
const OPERATIONS = { repository: 'OWNER/ops', repositoryId: '2', runId: '9', runAttempt: 1 };

test('a rotation leaves a service alone while a delivery has it, and after the run of that delivery died', async () => {
  const vault = memoryVault();
  let now = Date.parse('2026-11-25T08:00:00Z');
  const clock = { now: () => now, sleep: async () => {} };
  const claims = OPERATIONS as JobClaims; // all that a lock says of its holder
  const locksFor = (credential: string) => rotationLock({ vault, clock, claims }, 'prod', credential);

  const own = await locksFor('orders-db').hold('orders');
  expect(own).not.toHaveProperty('refused');
  now += 6 * MINUTE; // a rotation that died has its end in its own journal
  expect(await locksFor('orders-mq').busy('orders')).toBeUndefined();

  const place = { vault, clock, environment: 'prod', service: 'orders', lease: 15 * MINUTE };
  const lock = await takeLock(place, DELIVERY, async () => {});
  const { busy } = locksFor('orders-db');
  expect(await busy('orders')).toMatchObject({ until: now + 15 * MINUTE });
  now += 16 * MINUTE;
  expect(await busy('orders')).toMatchObject({ until: 0, why: expect.stringContaining(DELIVERY.change) });
  await lock.release();
  expect(await busy('orders')).toBeUndefined();
});
