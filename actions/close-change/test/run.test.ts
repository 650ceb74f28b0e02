import { describe, expect, it } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { beginBake } from '@tenant-delivery/delivery/bake-record';
import { resumeChange } from '@tenant-delivery/delivery/change';
import type { RunApproval } from '@tenant-delivery/delivery/github-ports';
import {
  ACME,
  type InMemoryDelivery,
  inMemoryDelivery,
} from '@tenant-delivery/delivery/test/in-memory-delivery';
import { MINUTE } from '@tenant-delivery/domain';
import { takeLock } from '@tenant-delivery/evidence/lock';
import type { LockHolder } from '@tenant-delivery/evidence/lock-record';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { putDocument } from '@tenant-delivery/vault/objects';
import type { Vault } from '@tenant-delivery/vault/ports';
import { dutyOf } from '../src/duty-of.ts';
import type { CloseChangeInputs } from '../src/inputs.ts';
import type { World } from '../src/ports.ts';
import { run } from '../src/run.ts';

const COMPLETE = Object.fromEntries(
  ['image-record', 'verdict', 'findings', 'approvals', 'environment-protection', 'report', 'health'].map(
    (name) => [name, { of: name }],
  ),
);

function world(
  delivery: InMemoryDelivery,
  mode: CloseChangeInputs['mode'],
  approvals: () => Promise<readonly RunApproval[]> = async () => [],
  runAttempt = 1,
  runId = '9001',
): World & { readonly runner: FakeRunner } {
  const runner = fakeRunner();
  const inHands = delivery.as(dutyOf(mode), { runner, claims: { runAttempt, runId } });
  return {
    runner,
    record: inHands,
    delivery: async () => inHands,
    runs: async () => ({ approvalsOf: approvals, stateOf: async () => 'absent' }),
  };
}

function given(change: string, changes: Partial<CloseChangeInputs> = {}): CloseChangeInputs {
  return {
    ...ACME,
    change,
    mode: 'close',
    'job-status': 'success',
    hook: undefined,
    'github-token': 'token',
    ...changes,
  };
}

function lockOf(delivery: InMemoryDelivery) {
  const { vault, clock } = delivery;
  return { vault, clock, environment: 'prod', service: 'orders', lease: 600_000 };
}

function holder(change: string, runId = '9001'): LockHolder {
  return { change, repository: 'acme/orders', repositoryId: '456789', runId, runAttempt: 1 };
}

describe('a verified change', () => {
  it('is closed with its head, and its lock is free for the next', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('verified', { documents: COMPLETE });
    await takeLock(lockOf(delivery), holder(id), async () => {});
    const there = world(delivery, 'close');
    const outcome = await run(given(id), there);
    expect(outcome).toMatchObject({ outcome: 'closed', ok: true });
    expect(there.runner.outputs['state']).toBe('closed');
    const change = await delivery.find(id);
    expect(change.events.at(-1)).toMatchObject({ transition: { to: 'closed' }, head: { events: 7 } });
    await expect(takeLock(lockOf(delivery), holder(id, '9002'), async () => {})).resolves.toBeDefined();
  });

  it('shows every state with its time, its actor and its digests', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('verified', { documents: COMPLETE });
    const { summary } = await run(given(id), world(delivery, 'close'));
    for (const state of [
      'proposed',
      'built',
      'gated',
      'planned',
      'approved',
      'deploying',
      'verified',
      'closed',
    ])
      expect(summary).toMatch(new RegExp(`\\| ${state} \\| 2026-11-24T\\S+ \\| .(dev-ana|lead-ben). .*\\|`));
    const digest = (await delivery.find(id)).evidence('verdict') ?? '';
    expect(summary).toContain(`\`verdict\` \`${digest.slice(7, 19)}\``);
  });

  it('stays open when its evidence is not complete, each gap named', async () => {
    const delivery = await inMemoryDelivery();
    const { health: _, ...rest } = COMPLETE;
    const id = await delivery.bring('verified', { documents: rest });
    await expect(run(given(id), world(delivery, 'close'))).rejects.toMatchObject({
      code: 'EVIDENCE_INCOMPLETE',
      details: ['the record names no health'],
    });
    expect((await delivery.find(id)).state).toBe('verified');
  });

  it('stays open when a document of it was altered in the vault', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('verified', { documents: COMPLETE });
    const digest = (await delivery.find(id)).evidence('verdict') ?? '';
    const key = `objects/sha256/${digest.slice('sha256:'.length)}`;
    const stored = await delivery.vault.read(key);
    await delivery.vault.replace(key, Buffer.from('{"of":"better"}'), stored?.version ?? '');
    await expect(run(given(id), world(delivery, 'close'))).rejects.toMatchObject({
      details: [`verdict (${digest}) is altered in the vault`],
    });
  });

  it('is left open by the next one when its evidence is not complete', async () => {
    const delivery = await inMemoryDelivery();
    const first = await delivery.bring('verified');
    await delivery.clock.sleep(1000);
    const second = await delivery.bring('verified', { documents: COMPLETE });
    await run(given(second), world(delivery, 'close'));
    expect((await delivery.find(first)).state).toBe('verified');
  });

  it('is closed by the next one when its own run died in between', async () => {
    const delivery = await inMemoryDelivery();
    const first = await delivery.bring('verified', { documents: COMPLETE });
    await delivery.clock.sleep(1000);
    const second = await delivery.bring('verified', { documents: COMPLETE });
    expect((await run(given(second), world(delivery, 'close'))).facts['alsoClosed']).toEqual([first]);
    expect((await delivery.find(first)).state).toBe('closed');
  });
});

describe('a deployment that did not end well', () => {
  it('is recorded as failed, and its lock is free', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('deploying', { documents: COMPLETE });
    await takeLock(lockOf(delivery), holder(id), async () => {});
    expect(await run(given(id, { 'job-status': 'failure' }), world(delivery, 'close'))).toMatchObject({
      outcome: 'failed',
    });
    await expect(takeLock(lockOf(delivery), holder(id, '9002'), async () => {})).resolves.toBeDefined();
  });

  it.each<[string, string]>([
    ['another run deploys', '9002'],
    ['waits at a pause and holds no lock', 'nobody'],
  ])('is not ended by a run that was refused while it %s', async (_, runId) => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('deploying', { documents: COMPLETE });
    const lock = await takeLock(lockOf(delivery), holder(id, runId), async () => {});
    if (runId === 'nobody') await lock.release();
    const outcome = await run(given(id, { 'job-status': 'failure' }), world(delivery, 'close'));
    expect(outcome).toMatchObject({ outcome: 'left-open', reasonCode: 'CHANGE_LEFT_OPEN', ok: false });
    expect((await delivery.find(id)).state).toBe('deploying');
  });

  it("never takes another change's lock away", async () => {
    const delivery = await inMemoryDelivery();
    const mine = await delivery.bring('deploying');
    const other = await delivery.bring('deploying');
    await takeLock(lockOf(delivery), holder(other, '9002'), async () => {});
    await run(given(mine, { 'job-status': 'cancelled' }), world(delivery, 'close'));
    await expect(takeLock(lockOf(delivery), holder(mine), async () => {})).rejects.toMatchObject({
      code: 'LOCK_HELD',
    });
  });
});

describe('a change whose bake has begun', () => {
  it.each(['close', 'settle'] as const)('stays open without a failure in mode %s', async (mode) => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('deploying');
    await beginBake(delivery.as('deploy'), await delivery.find(id, 'deploy'), {
      report: `sha256:${'1'.repeat(64)}`,
      taskDefinition: 'acme-prod-orders:8',
      beganAt: '2026-11-24T09:00:00.000Z',
      minutes: 60,
      samples: 3,
      eligibleAt: '2026-11-24T10:00:00.000Z',
      alarms: [],
    });
    const outcome = await run(given(id, { mode }), world(delivery, mode));
    expect(outcome).toMatchObject({ outcome: 'baking', reasonCode: 'BAKE_NOT_OVER', ok: true });
    expect(outcome.headline).toContain('can be concluded from 2026-11-24T10:00:00.000Z on');
    expect((await delivery.find(id)).state).toBe('deploying');
  });
});

describe('a change whose deploy job was refused before it began', () => {
  it('is not said to have ended: the last job of the run ends it, and tells it once', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('approved');
    const failed = { 'job-status': 'failure' } as const;
    const close = await run(given(id, failed), world(delivery, 'close'));
    expect(close).toMatchObject({ outcome: 'nothing-to-do', ok: true, summary: '' });
    expect(close.headline).toMatch(
      /is approved\. Nothing of it was deployed; the last job of this run records/,
    );
    const settled = await run(given(id, { ...failed, mode: 'settle' }), world(delivery, 'settle'));
    expect(settled).toMatchObject({ outcome: 'abandoned', reasonCode: 'RUN_FAILED' });
    expect(settled.summary).toContain('### Change abandoned');
  });
});

describe('the record of a change', () => {
  it.each(['rolled-back', 'failed'] as const)('that is %s is shown once in a run', async (state) => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('deploying');
    await (await delivery.find(id, 'deploy')).append(state);
    const failed = { 'job-status': 'failure' } as const;
    const close = await run(given(id, failed), world(delivery, 'close'));
    const settled = await run(given(id, { ...failed, mode: 'settle' }), world(delivery, 'settle'));
    expect(close.summary).toMatch(new RegExp(`^<details><summary><b>Change ${state}</b> the record has`));
    expect([settled.ok, settled.summary]).toEqual([true, '']);
  });

  it('is found to have ended by a key that only the contract names, without opening what records', async () => {
    const delivery = await inMemoryDelivery({ keysIn: 'contract' });
    const id = await delivery.bring('closed');
    const opened: string[] = [];
    const there = world(delivery, 'settle');
    const delivering = async () => {
      opened.push('delivery');
      return there.delivery();
    };
    const settled = await run(given(id, { mode: 'settle' }), { ...there, delivery: delivering });
    expect(settled).toMatchObject({
      outcome: 'nothing-to-do',
      headline: expect.stringContaining('is closed'),
    });
    expect(opened).toEqual([]);
    const stranger = { ...there.record, agreed: async () => there.record.released };
    const refused = run(given(id, { mode: 'settle' }), { ...there, record: stranger });
    await expect(refused).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
  });

  it('that another run ended is shown with what that run said', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned');
    const other = delivery.as('build', { claims: { runId: '7777' } });
    const change = await resumeChange(other, await delivery.admission(), id);
    const note = 'chg_2 takes the service back.';
    await change.append('abandoned', {
      decision: { result: 'deny', reasons: ['SUPERSEDED_BY_ROLLBACK'], note },
    });
    const settled = await run(
      given(id, { mode: 'settle', 'job-status': 'failure' }),
      world(delivery, 'settle'),
    );
    expect(settled).toMatchObject({ ok: true, reasonCode: 'SUPERSEDED_BY_ROLLBACK' });
    expect(settled.headline).toContain(note);
    expect(settled.summary).toContain('### Change abandoned');
  });
});

describe('the last job of a run', () => {
  const settle = (status: CloseChangeInputs['job-status']) =>
    ({ mode: 'settle', 'job-status': status }) as const;

  it('records what never deployed: withdrawn when cancelled, abandoned when failed', async () => {
    const delivery = await inMemoryDelivery();
    const cancelled = await delivery.bring('built');
    const failed = await delivery.bring('gated');
    await run(given(cancelled, settle('cancelled')), world(delivery, 'settle'));
    await run(given(failed, settle('failure')), world(delivery, 'settle'));
    expect((await delivery.find(cancelled)).state).toBe('withdrawn');
    expect((await delivery.find(failed)).state).toBe('abandoned');
  });

  it('records who rejected the plan, though the rejected job never ran', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned');
    const rejection: RunApproval = {
      environments: ['acme-prod-approval'],
      state: 'rejected',
      by: { id: 200001, login: 'lead-ben' },
      comment: '',
    };
    const outcome = await run(
      given(id, settle('failure')),
      world(delivery, 'settle', async () => [rejection]),
    );
    expect(outcome).toMatchObject({ outcome: 'rejected', reasonCode: 'APPROVAL_REJECTED' });
    expect((await delivery.find(id)).events.at(-1)?.decision?.note).toBe('Rejected by lead-ben.');

    const again = await delivery.bring('planned');
    const second = world(delivery, 'settle', async () => [rejection], 2);
    expect(await run(given(again, settle('failure')), second)).toMatchObject({ reasonCode: 'RUN_FAILED' });
  });

  it('ends no change of another run, whose id a build that broke out may have put in the place of its own', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned');
    const rejection: RunApproval = {
      environments: ['acme-prod-approval'],
      state: 'rejected',
      by: { id: 200001, login: 'lead-ben' },
      comment: '',
    };
    const there = world(delivery, 'settle', async () => [rejection], 1, '9002');
    await expect(run(given(id, settle('failure')), there)).rejects.toMatchObject({
      code: 'TRANSITION_NOT_ALLOWED',
      message: expect.stringContaining('run 9001 proposed it, and this is run 9002'),
    });
    expect((await delivery.find(id)).state).toBe('planned');
  });

  it("does not take a rejection in another environment for this one's", async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned');
    const elsewhere: RunApproval = {
      environments: ['acme-test-approval'],
      state: 'rejected',
      by: { id: 200001, login: 'lead-ben' },
      comment: '',
    };
    const there = world(delivery, 'settle', async () => [elsewhere]);
    expect(await run(given(id, settle('failure')), there)).toMatchObject({ reasonCode: 'RUN_FAILED' });
  });

  it('settles also when GitHub cannot be asked, and says so', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned');
    const there = world(delivery, 'settle', async () => {
      throw new Failure('GITHUB_UNAVAILABLE', 'GitHub could not be asked.', 'Run again.');
    });
    expect(await run(given(id, settle('failure')), there)).toMatchObject({ outcome: 'abandoned' });
    expect(there.runner.log.join('\n')).toContain('Whether a reviewer rejected this run is not known');
  });

  it('has nothing to do for a change that has ended, and says when one is still deploying', async () => {
    const delivery = await inMemoryDelivery();
    const ended = await delivery.bring('denied');
    const open = await delivery.bring('deploying');
    expect(await run(given(ended, settle('failure')), world(delivery, 'settle'))).toMatchObject({
      outcome: 'nothing-to-do',
      ok: true,
      summary: '', // the gate has told it
    });
    expect(await run(given(open, settle('failure')), world(delivery, 'settle'))).toMatchObject({
      outcome: 'left-open',
      ok: false,
    });
    expect((await delivery.find(open)).state).toBe('deploying');
  });
});

describe('an exercise', () => {
  const documents = { ...COMPLETE, source: { of: 'source' }, 'source-record': { of: 'record' } };
  const recovering = () =>
    inMemoryDelivery({
      contract: (agreed) => {
        const { prod } = agreed.environments;
        if (!prod) throw new Error('acme has prod');
        return {
          ...agreed,
          environments: { prod: { ...prod, dr: { recovers: 'staging', rtoMinutes: 30 } } },
        };
      },
    });
  const exercised = async (minutes: number) => {
    const delivery = await recovering();
    const id = await delivery.bring('deploying', { kind: 'exercise', documents });
    await delivery.clock.sleep(minutes * MINUTE);
    const health = await putDocument(delivery.vault, COMPLETE['health']);
    await (await delivery.find(id, 'deploy')).append('verified', { evidence: { health } });
    const outcome = await run(given(id), world(delivery, 'close'));
    return { outcome, change: await delivery.find(id) };
  };

  it('closes with the time that it took, signed, beside what is agreed', async () => {
    const { outcome, change } = await exercised(12);
    expect(outcome).toMatchObject({ ok: true, outcome: 'closed', reasonCode: 'OK' });
    expect(outcome.headline).toContain('Recovered in 12 min 0 s, inside the 30 min that are agreed.');
    expect(outcome.summary).toContain('Recovered in 12 min 0 s');
    expect(change.events.at(-1)).toMatchObject({
      transition: { to: 'closed' },
      decision: { result: 'allow', reasons: ['RECOVERED_IN_TIME'] },
    });
  });

  it('that took too long is closed all the same, and says so', async () => {
    const { outcome, change } = await exercised(31);
    expect(outcome).toMatchObject({ ok: false, outcome: 'closed', reasonCode: 'RECOVERY_TOO_SLOW' });
    expect(change.events.at(-1)?.decision).toMatchObject({ result: 'deny', reasons: ['RECOVERY_TOO_SLOW'] });
  });
});

describe('the last job of a run that has ended its change', () => {
  /** The delivery with every request to its vault, and no key: opening one fails the test. */
  async function settling(id: string, delivery: InMemoryDelivery) {
    const asked: string[] = [];
    const there = world(delivery, 'settle');
    const vault: Vault = {
      ...delivery.vault,
      read: (key) => {
        asked.push(`read ${key}`);
        return delivery.vault.read(key);
      },
      list: (prefix, after) => {
        asked.push(`list ${prefix}`);
        return delivery.vault.list(prefix, after);
      },
    };
    const delivered = async () => {
      throw new Error('there is nothing to record');
    };
    const settle = { mode: 'settle', 'job-status': 'success' } as const;
    const outcome = run(given(id, settle), {
      ...there,
      record: { ...there.record, vault },
      delivery: delivered,
    });
    return { asked, outcome: await outcome, state: there.runner.outputs['state'] };
  }

  it('asks for three things, and says what the whole record would say', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('closed');
    const { asked, outcome, state } = await settling(id, delivery);
    expect(asked).toEqual([
      `list changes/prod/orders/${id}/`,
      `read changes/prod/orders/${id}/0007.dsse.json`,
      'read locks/prod/orders.json',
    ]);
    const { events } = await delivery.find(id);
    expect(state).toBe('closed');
    expect(outcome).toMatchObject({
      outcome: 'nothing-to-do',
      ok: true,
      summary: '',
      facts: { change: id, state: 'closed', events: 8, head: events.at(-1)?.digest, alsoClosed: [] },
    });
  });

  it('gives back a lock that a job left behind which died after it had ended the change', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('closed');
    await takeLock(lockOf(delivery), holder(id), async () => {});
    await settling(id, delivery);
    await expect(takeLock(lockOf(delivery), holder(id, '9002'), async () => {})).resolves.toBeDefined();
  });

  it.each([
    ['was altered', (text: string) => text.replace(/"sig":"./, '"sig":"A'), '0007'],
    ['belongs further on', (text: string) => text, '0009'],
  ])('believes no newest event that %s', async (_, edit, at) => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('closed');
    const key = (seq: string) => `changes/prod/orders/${id}/${seq}.dsse.json`;
    const stored = await delivery.vault.read(key('0007'));
    const bytes = Buffer.from(edit(Buffer.from(stored?.bytes ?? []).toString()));
    if (at === '0007') await delivery.vault.replace(key(at), bytes, stored?.version ?? '');
    else await delivery.vault.create(key(at), bytes);
    await expect(settling(id, delivery)).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
  });
});
