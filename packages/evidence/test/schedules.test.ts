import { expect, test } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import type { ChangeState } from '@tenant-delivery/domain';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import { rememberingVault } from '@tenant-delivery/vault/remembering-vault';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { parseJson } from '../src/dsse.ts';
import { type Lock, type LockPlace, releaseLock, takeLock } from '../src/lock.ts';
import { isHeldBy, isSameRun, type LockHolder, LockRecord, lockKey } from '../src/lock-record.ts';
import { appendEvent, loadChange, type Step } from '../src/record.ts';
import { type Fault, hostileVault, VaultUnreachable, type Written } from './hostile-vault.ts';
import { AT, CHANGE, record, signerOf, stepTo, TRUST } from './record-of.ts';

const faults = fc.infiniteStream(
  fc.oneof({ arbitrary: fc.constant<Fault>('none'), weight: 4 }, fc.constantFrom<Fault>('before', 'after')),
);

/** A job that starts over when the vault could not be asked, as a re-run does. Answers how it ended. */
async function stubborn(job: () => Promise<void>): Promise<string> {
  for (let tries = 0; tries < 50; tries += 1) {
    try {
      await job();
      return 'done';
    } catch (thrown) {
      if (thrown instanceof Failure) return thrown.code;
      if (!(thrown instanceof VaultUnreachable)) throw thrown;
    }
  }
  return 'gave up';
}

function stepOf(run: number, to: ChangeState): Step {
  return stepTo(to, 1, { run: { ...stepTo(to, 1).run, runId: String(run) } });
}

test('under any failure and any race a change never forks, and a step that was confirmed is recorded once', async () => {
  const wishes = fc.array(fc.constantFrom<ChangeState>('built', 'withdrawn', 'abandoned'), {
    minLength: 2,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      wishes,
      fc.array(faults, { minLength: 4, maxLength: 4 }),
      async (schedule, states, streams) => {
        const store = memoryVault();
        await record({ kind: 'deploy', states: ['proposed'] }, store);
        const jobs = states.map((to, run) => {
          const vault = hostileVault(store, `run ${run}`, schedule, streams[run] ?? [].values());
          return stubborn(async () => {
            const events = await loadChange(vault, TRUST, CHANGE, CHANGE.id);
            await appendEvent({ vault, trust: TRUST, signer: signerOf(to) }, CHANGE, events, stepOf(run, to));
          });
        });
        await schedule.waitFor(Promise.all(jobs));
        const ended = await Promise.all(jobs);
        const events = await loadChange(store, TRUST, CHANGE, CHANGE.id); // throws EVIDENCE_BROKEN for a fork
        for (const [run, end] of ended.entries()) {
          expect(['done', 'CHANGE_MOVED', 'TRANSITION_NOT_ALLOWED']).toContain(end);
          const recorded = events.filter((event) => event.run.runId === String(run));
          // a step whose answer was lost may stand there unconfirmed, with another run's step after it
          expect(recorded.length).toBeLessThanOrEqual(1);
          if (end === 'done') expect(recorded).toHaveLength(1);
        }
        expect(events.length).toBeGreaterThan(1);
      },
    ),
    { numRuns: 80 },
  );
}, 60_000);

const LEASE = 60_000;

function holderOf(run: number): LockHolder {
  const letter = String.fromCharCode(65 + run);
  return {
    change: CHANGE.id.replace(/V$/, letter),
    repository: 'acme/orders',
    repositoryId: '456789',
    runId: String(run),
    runAttempt: 1,
  };
}

test('whatever fails and however late a run is, only its holder or the end of its lease parts a lock from its change', async () => {
  const lateness = fc.infiniteStream(fc.constantFrom(0, 0, 1_000, LEASE / 2, LEASE + 1));
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 2, max: 4 }),
      fc.array(faults, { minLength: 4, maxLength: 4 }),
      lateness,
      async (schedule, runs, streams, late) => {
        const store = memoryVault();
        let now = AT;
        const history: { readonly by: string; readonly at: number; readonly record: LockRecord }[] = [];
        const settled: string[] = [];
        const deployed: number[] = [];
        const onWrite = ({ by, text }: Written) =>
          history.push({ by, at: now, record: v.parse(LockRecord, parseJson(text)) });
        const jobs = Array.from({ length: runs }, async (_, run) => {
          const vault = hostileVault(store, `run ${run}`, schedule, streams[run] ?? [].values(), onWrite);
          const memory = memoryVault(); // of the job
          const place: LockPlace = {
            vault: run % 2 === 0 ? rememberingVault(vault, memory) : vault,
            clock: { now: () => now, sleep: async () => {} },
            environment: 'prod',
            service: 'orders',
            lease: LEASE,
          };
          let deployedHere = false;
          return stubborn(async () => {
            if (deployedHere) return void (await releaseLock(place, holderOf(run)));
            const lock: Lock = await takeLock(
              place,
              holderOf(run),
              async (change) => void settled.push(change),
            );
            now += late.next().value;
            await lock.assertHeld();
            deployed.push(lock.fence);
            deployedHere = true;
            now += late.next().value;
            await lock.release();
          });
        });
        await schedule.waitFor(Promise.all(jobs));
        for (const [i, { by, at, record: after }] of history.entries()) {
          const before = history[i - 1]?.record;
          judgeHandover(before, after, by, at);
        }
        // a fence that has acted is never followed by an older one
        expect(deployed).toEqual(deployed.toSorted((a, b) => a - b));
        const lastly = history.at(-1)?.record;
        const owed = history
          .filter(({ record: { unsettled } }) => unsettled.length > 0)
          .flatMap(({ record: r }) => r.unsettled);
        for (const change of owed) expect([...settled, ...(lastly?.unsettled ?? [])]).toContain(change);
        expect(await store.list('locks/')).toEqual([lockKey('prod', 'orders')]);
      },
    ),
    { numRuns: 80 },
  );
}, 60_000);

/** Each write that took effect either changes a lock of one's own, or takes one that was free or whose lease was over. */
function judgeHandover(before: LockRecord | undefined, after: LockRecord, by: string, at: number): void {
  const writer = holderOf(Number(by.replace('run ', '')));
  if (!before) {
    expect([after.fence, isHeldBy(after, writer)]).toEqual([1, true]);
    return;
  }
  if (after.fence === before.fence) {
    expect(isHeldBy(before, writer)).toBe(true);
    return;
  }
  expect([after.fence, isHeldBy(after, writer)]).toEqual([before.fence + 1, true]);
  const free = before.holder === null || isSameRun(before, writer) || at >= Date.parse(before.until);
  expect(free).toBe(true);
}
