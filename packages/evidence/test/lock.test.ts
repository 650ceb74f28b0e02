import { expect, test } from '@jest/globals';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import { rememberingVault } from '@tenant-delivery/vault/remembering-vault';
import { type LockPlace, releaseLock, takeLock } from '../src/lock.ts';
import type { LockHolder } from '../src/lock-record.ts';
import { AT, CHANGE } from './record-of.ts';

const LEASE = 15 * 60_000;
const nothing = async () => {};

function sandbox() {
  let now = AT;
  const place: LockPlace = {
    vault: memoryVault(),
    clock: { now: () => now, sleep: nothing },
    environment: 'prod',
    service: 'orders',
    lease: LEASE,
  };
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { place, pass };
}

function run(letter: string, more: Partial<LockHolder> = {}): LockHolder {
  const change = CHANGE.id.replace(/V$/, letter);
  return {
    change,
    repository: 'acme/orders',
    repositoryId: '456789',
    runId: `900${letter}`,
    runAttempt: 1,
    ...more,
  };
}

test('says who holds the lock, since when and until when', async () => {
  const { place } = sandbox();
  await takeLock(place, run('A'), nothing);
  await expect(takeLock(place, run('B'), nothing)).rejects.toMatchObject({
    code: 'LOCK_HELD',
    message:
      'Another change is being deployed to orders: chg_01ARZ3NDEKTSV4RRFFQ69G5FAA (acme/orders, run 900A, attempt 1, number 1) has held the lock since 2026-11-24T09:00:00.000Z, until 2026-11-24T09:15:00.000Z.',
  });
});

test('takes over from a run whose lease ran out, records that change, and the late run does not deploy', async () => {
  const { place, pass } = sandbox();
  const late = await takeLock(place, run('A'), nothing);
  pass(LEASE);
  const settled: string[] = [];
  const next = await takeLock(place, run('B'), async (change) => void settled.push(change));
  expect(settled).toEqual([run('A').change]);
  await expect(late.assertHeld()).rejects.toMatchObject({
    code: 'LOCK_LOST',
    message: expect.stringContaining('900B'),
  });
  await late.release();
  await expect(next.assertHeld()).resolves.toBeUndefined();
});

test('remembers a change that still has to be recorded when the run that should do it dies', async () => {
  const { place, pass } = sandbox();
  await takeLock(place, run('A'), nothing);
  pass(LEASE);
  const dies = async () => {
    throw new Error('killed');
  };
  await expect(takeLock(place, run('B'), dies)).rejects.toThrow('killed');
  pass(LEASE);
  const settled: string[] = [];
  await takeLock(place, run('C'), async (change) => void settled.push(change));
  expect(settled).toEqual([run('A').change, run('B').change]);
});

test('a lock that was lost and taken again is a new lock: the old number has lost it for ever', async () => {
  const { place, pass } = sandbox();
  const old = await takeLock(place, run('A'), nothing);
  pass(LEASE);
  await (await takeLock(place, run('B'), nothing)).release();
  const again = await takeLock(place, run('A'), nothing);
  expect(again.fence).toBeGreaterThan(old.fence);
  await expect(old.assertHeld()).rejects.toMatchObject({ code: 'LOCK_LOST' });
  await expect(again.assertHeld()).resolves.toBeUndefined();
});

test('a second attempt of the same run has the lock at once, and the first has lost it', async () => {
  const { place } = sandbox();
  const first = await takeLock(place, run('A'), nothing);
  await takeLock(place, run('A', { runAttempt: 2 }), nothing);
  await expect(first.assertHeld()).rejects.toMatchObject({ code: 'LOCK_LOST' });
});

test('is given back once, by the run that holds it', async () => {
  const { place } = sandbox();
  await takeLock(place, run('A'), nothing);
  expect(await releaseLock(place, run('B'))).toBe(false);
  expect(await releaseLock(place, run('A'))).toBe(true);
  expect(await releaseLock(place, run('A'))).toBe(false);
  await expect(takeLock(place, run('B'), nothing)).resolves.toMatchObject({ fence: 2 });
});

test('a rotation that died with the lock leaves nothing for others to record, and ends no change of theirs', async () => {
  const { place, pass } = sandbox();
  const settled: string[] = [];
  const settle = async (change: string) => void settled.push(change);
  await takeLock(place, run('A'), nothing);
  pass(LEASE);
  const rotation = run('R', { change: 'rot_orders-db' });
  await takeLock(place, rotation, async () => 'later');
  await expect(takeLock(place, run('B'), settle)).rejects.toMatchObject({ code: 'LOCK_HELD' });
  pass(LEASE);
  await takeLock(place, run('B'), settle);
  expect(settled).toEqual([run('A').change]);
});

/** Two jobs at one vault. Each step of a job is another process with the job's memory; reads of the vault are counted. */
function twoJobs() {
  const { place } = sandbox();
  const reads = { count: 0 };
  const counting = {
    ...place.vault,
    read: (key: string) => {
      reads.count += 1;
      return place.vault.read(key);
    },
  };
  const job = () => {
    const memory = memoryVault();
    return (): LockPlace => ({ ...place, vault: rememberingVault(counting, memory) });
  };
  return { place, reads, ours: job(), theirs: job() };
}

test('the steps of a job renew and give back their lock without reading it again', async () => {
  const { place, reads, ours } = twoJobs();
  await takeLock(ours(), run('A'), nothing);
  const before = reads.count;
  await (await takeLock(ours(), run('A'), nothing)).assertHeld();
  expect(await releaseLock(ours(), run('A'))).toBe(true);
  expect(reads.count).toBe(before);
  expect(await releaseLock(ours(), run('A'))).toBe(false);
  await expect(takeLock(place, run('B'), nothing)).resolves.toMatchObject({ fence: 2 });
});

test('a lock that another job has taken since is not ours, whatever this job remembers', async () => {
  const { place, ours, theirs } = twoJobs();
  await takeLock(ours(), run('A'), nothing);
  await releaseLock(place, run('A'));
  const lock = await takeLock(theirs(), run('B'), nothing);
  await expect(takeLock(ours(), run('A'), nothing)).rejects.toMatchObject({ code: 'LOCK_HELD' });
  expect(await releaseLock(ours(), run('A'))).toBe(false);
  await lock.assertHeld();
});
