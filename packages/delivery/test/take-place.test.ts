import { describe, expect, it } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import type { ChangeKind, ChangeState, Duty } from '@tenant-delivery/domain';
import { type Fault, hostileVault, VaultUnreachable } from '@tenant-delivery/evidence/test/hostile-vault';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import { putDocument } from '@tenant-delivery/vault/objects';
import fc from 'fast-check';
import { admit } from '../src/admit.ts';
import { resumeChange } from '../src/change.ts';
import type { JobClaims } from '../src/claims.ts';
import { takePlace } from '../src/take-place.ts';
import { type InMemoryDelivery, inMemoryDelivery } from './in-memory-delivery.ts';

const faults = fc.infiniteStream(
  fc.oneof({ arbitrary: fc.constant<Fault>('none'), weight: 80 }, fc.constantFrom<Fault>('before', 'after')),
);

const LEAD_BEN = {
  kind: 'human',
  id: 'github:200001',
  login: 'lead-ben',
  role: 'customer',
  via: 'environment-review',
} as const;

/** A step that starts over when the vault could not be asked, as a re-run does. */
async function stubborn(step: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    try {
      return await step();
    } catch (thrown) {
      if (!(thrown instanceof VaultUnreachable)) throw thrown;
    }
  }
  throw new Error('it never got through');
}

/** The job of one run of acme/orders. */
function jobOf(delivery: InMemoryDelivery, duty: Duty, runId: number) {
  return delivery.as(duty, { claims: { runId: String(runId) } });
}

async function take(delivery: InMemoryDelivery, id: string, claims: Partial<JobClaims> = {}) {
  const world = delivery.as('gate', { claims });
  const admission = await admit(world, delivery.target);
  return takePlace(world, admission, await resumeChange(world, admission, id));
}

describe('under any failure and any race,', () => {
  it('of all runs that plan the newest alone is left, and the others say who took their place', async () => {
    const order = fc
      .integer({ min: 2, max: 3 })
      .chain((runs) => fc.shuffledSubarray([9, 10, 100].slice(0, runs), { minLength: runs }));
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        order,
        fc.array(faults, { minLength: 3, maxLength: 3 }),
        fc.boolean(),
        async (schedule, runs, streams, deploys) => {
          const store = memoryVault();
          const delivery = await inMemoryDelivery({ vault: store });
          const plan = await putDocument(store, { stub: true });
          const changes: { readonly run: number; readonly id: string }[] = [];
          for (const run of runs)
            changes.push({
              run,
              id: await delivery.bring('gated', { claims: { runId: String(run) } }),
            });
          const jobs = changes.map(({ run, id }, n) => {
            const calm = jobOf(delivery, 'gate', run);
            const vault = hostileVault(store, `run ${run}`, schedule, streams[n] ?? [].values());
            return stubborn(async () => {
              const world = { ...calm, vault };
              const admission = await admit(calm, delivery.target);
              const change = await resumeChange(world, admission, id);
              if (change.state === 'gated') await change.append('planned', { plan });
              if (change.state === 'planned') await takePlace(world, admission, change);
            });
          });
          // somebody approves the first one that is planned, and its deploy job begins
          const [first] = changes;
          const hasty = async () => {
            if (!deploys || !first) return;
            const vault = hostileVault(store, 'approver', schedule, [].values());
            for (const [duty, to] of [
              ['approve', 'approved'],
              ['deploy', 'deploying'],
            ] as const) {
              const calm = jobOf(delivery, duty, first.run);
              const admission = await admit(calm, delivery.target);
              const change = await resumeChange({ ...calm, vault }, admission, first.id);
              await change
                .append(to, { plan, ...(to === 'approved' && { actor: LEAD_BEN }) })
                .catch((thrown: unknown) => {
                  if (!(thrown instanceof Failure)) throw thrown; // it was withdrawn, or is not planned yet
                });
            }
          };
          const all = Promise.all([...jobs, hasty()]);
          await schedule.waitFor(all);
          await all;
          const newest = Math.max(...runs);
          for (const { run, id } of changes) {
            const { state, events } = await delivery.find(id);
            if (run === newest) expect(['planned', 'approved', 'deploying']).toContain(state);
            else if (id === first?.id && deploys) expect(['withdrawn', 'deploying']).toContain(state);
            else expect(state).toBe('withdrawn');
            if (state === 'withdrawn')
              expect(events.at(-1)?.decision?.note).toMatch(/^chg_\w+ \(run \d+ of acme\/orders, commit /);
          }
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe('a change that is planned', () => {
  const older = { runId: '9' };
  const newer = { runId: '10' };

  it.each<ChangeState>(['planned', 'approved'])(
    'takes the place of an older one that is %s',
    async (state) => {
      const delivery = await inMemoryDelivery();
      const first = await delivery.bring(state, { claims: older });
      const second = await delivery.bring('planned', { claims: newer });
      expect(await take(delivery, second, newer)).toEqual({
        kind: 'newest',
        withdrawn: [first],
        deploying: undefined,
      });
      expect((await delivery.find(first)).events.at(-1)).toMatchObject({
        transition: { to: 'withdrawn' },
        decision: {
          reasons: ['SUPERSEDED_BY_NEWER'],
          note: `${second} (run 10 of acme/orders, commit 0123456) was started later and is planned; it took the place of this change.`,
        },
      });
    },
  );

  it('takes the place of older ones also when it changes nothing: what they bring was taken back', async () => {
    const delivery = await inMemoryDelivery();
    const first = await delivery.bring('planned', { claims: older });
    const second = await delivery.bring('unchanged', { claims: newer });
    expect(await take(delivery, second, newer)).toMatchObject({ kind: 'newest', withdrawn: [first] });
    expect((await delivery.find(first)).events.at(-1)?.decision?.note).toContain(
      'finds the service as it is to be',
    );
  });

  it('leaves an older one that deploys, and says so', async () => {
    const delivery = await inMemoryDelivery();
    const first = await delivery.bring('deploying', { claims: older });
    const second = await delivery.bring('planned', { claims: newer });
    expect(await take(delivery, second, newer)).toEqual({
      kind: 'newest',
      withdrawn: [],
      deploying: first,
    });
    expect((await delivery.find(first)).state).toBe('deploying');
  });

  it.each<ChangeState>(['planned', 'approved', 'deploying', 'verified', 'closed', 'unchanged'])(
    'later than a newer one that is %s withdraws itself, whoever planned first',
    async (state) => {
      const delivery = await inMemoryDelivery();
      const second = await delivery.bring(state, { claims: newer });
      await delivery.clock.sleep(1000);
      const first = await delivery.bring('planned', { claims: older });
      expect(await take(delivery, first, older)).toMatchObject({
        kind: 'superseded',
        note: `${second} (run 10 of acme/orders, commit 0123456) was started later and is ${state}.`,
      });
      expect((await delivery.find(first)).state).toBe('withdrawn');
      expect((await delivery.find(second)).state).toBe(state);
    },
  );

  it.each<ChangeState>(['gated', 'denied', 'rejected', 'failed', 'rolled-back', 'withdrawn'])(
    'is not held up by a newer one that is %s',
    async (state) => {
      const delivery = await inMemoryDelivery();
      await delivery.bring(state, { claims: newer });
      const first = await delivery.bring('planned', { claims: older });
      expect(await take(delivery, first, older)).toMatchObject({ kind: 'newest', withdrawn: [] });
    },
  );

  it('by a run that was repeated after a newer one was delivered goes on: somebody wants it back', async () => {
    const delivery = await inMemoryDelivery();
    await delivery.bring('closed', { claims: newer });
    await delivery.clock.sleep(1000);
    const again = { ...older, runAttempt: 2 };
    const first = await delivery.bring('planned', { claims: again });
    expect(await take(delivery, first, again)).toMatchObject({ kind: 'newest' });
  });

  it('takes the place of an older promotion, and an older one gives way to a promotion', async () => {
    const delivery = await inMemoryDelivery();
    const promotion = await delivery.bring('planned', { kind: 'promotion', claims: older });
    const deploy = await delivery.bring('planned', { claims: newer });
    expect(await take(delivery, deploy, newer)).toMatchObject({ withdrawn: [promotion] });
    const last = { runId: '11' };
    const another = await delivery.bring('planned', { kind: 'promotion', claims: last });
    expect(await take(delivery, another, last)).toMatchObject({ withdrawn: [deploy] });
  });

  it.each<ChangeKind>(['rollback', 'exercise'])(
    'never withdraws a %s, which waits for nobody',
    async (kind) => {
      const delivery = await inMemoryDelivery();
      const back = await delivery.bring('planned', { kind, claims: older });
      const deploy = await delivery.bring('planned', { claims: newer });
      expect(await take(delivery, deploy, newer)).toMatchObject({ kind: 'newest', withdrawn: [] });
      expect((await delivery.find(back)).state).toBe('planned');
      // nor does it give way, and what is older gives way to it
      expect(await take(delivery, back, older)).toMatchObject({ kind: 'newest', withdrawn: [] });
      const late = { runId: '8' };
      const oldest = await delivery.bring('planned', { claims: late });
      expect(await take(delivery, oldest, late)).toMatchObject({ kind: 'superseded' });
    },
  );

  it('says so when a rollback has ended it meanwhile', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned', { claims: newer });
    const note = 'chg_2 takes the service back.';
    await (await delivery.find(id)).append('abandoned', {
      decision: { result: 'deny', reasons: ['SUPERSEDED_BY_ROLLBACK'], note },
    });
    expect(await take(delivery, id, newer)).toEqual({ kind: 'superseded', note });
  });

  it('can be taken no further once another one took its place', async () => {
    const delivery = await inMemoryDelivery();
    const first = await delivery.bring('planned', { claims: older });
    const change = await delivery.find(first, 'approve'); // read before the other one came
    const second = await delivery.bring('planned', { claims: newer });
    await take(delivery, second, newer);
    const plan = change.evidence('plan');
    if (!plan) throw new Error('a planned change has a plan');
    for (const read of [change, await delivery.find(first, 'approve')])
      await expect(read.append('approved', { plan, actor: LEAD_BEN })).rejects.toMatchObject({
        code: 'CHANGE_SUPERSEDED',
        message: expect.stringContaining(`${second} (run 10`),
      });
  });
});
