import { describe, expect, test } from '@jest/globals';
import type { ChangeKind, ChangeState } from '@tenant-delivery/domain';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { Signer } from '../src/ports.ts';
import { appendEvent, eventKey, loadChange } from '../src/record.ts';
import { CHANGE, KEYS, newKey, record, signerOf, stepTo, TRUST, WAYS } from './record-of.ts';

const upTo = (state: ChangeState) => {
  const states = WAYS.delivery.states;
  return { kind: 'deploy' as const, states: states.slice(0, states.indexOf(state) + 1) };
};

describe('a change', () => {
  test('is recorded once when a step is said twice', async () => {
    const vault = memoryVault();
    const events = await record(upTo('built'), vault);
    const again = await appendEvent(
      { vault, trust: TRUST, signer: signerOf('built') },
      CHANGE,
      events,
      stepTo('built', 9),
    );
    const stale = await appendEvent(
      { vault, trust: TRUST, signer: signerOf('built') },
      CHANGE,
      events.slice(0, 1),
      stepTo('built', 9),
    );
    expect([again.length, stale.length]).toEqual([2, 2]);
    expect(await vault.list('changes/')).toHaveLength(2);
  });

  test('delivers to no part of an environment, and provisions no service', async () => {
    const begin = (kind: ChangeKind, service: string) =>
      appendEvent(
        { vault: memoryVault(), trust: TRUST, signer: signerOf('proposed', kind) },
        { ...CHANGE, kind, service },
        [],
        stepTo('proposed', 0),
      );
    await expect(begin('deploy', 'network')).rejects.toThrow('a deploy of network, which is a part');
    await expect(begin('withdrawal', 'orders')).rejects.toThrow('a withdrawal of orders, which is a service');
  });

  test('cannot be continued by a run that missed what another run did', async () => {
    const vault = memoryVault();
    const events = await record(upTo('built'), vault);
    const run = { ...stepTo('withdrawn', 1).run, runId: '9002' };
    const late = appendEvent(
      { vault, trust: TRUST, signer: signerOf('withdrawn') },
      CHANGE,
      events.slice(0, 1),
      stepTo('withdrawn', 1, { run }),
    );
    await expect(late).rejects.toMatchObject({ code: 'CHANGE_MOVED' });
  });

  test.each([
    [
      'a plan that is not the newest',
      'approved',
      { plan: digestOf('another plan') },
      'approves another plan than the newest one',
    ],
    ['no plan', 'approved', { plan: undefined }, 'without naming a plan'],
    [
      'the person who proposed it',
      'approved',
      { actor: stepTo('built', 0).actor },
      'dev-ana, who proposed it',
    ],
    ['a step too far', 'deploying', {}, 'cannot follow planned'],
    [
      'another image',
      'approved',
      { subject: { name: 'registry/acme/orders', digest: digestOf('other') } },
      'is about registry/acme/orders',
    ],
    [
      "a verdict of the approval's own",
      'approved',
      { evidence: { verdict: digestOf('another verdict') } },
      'brings the document verdict, which the step to approved may not',
    ],
    [
      "an image record of the approval's own",
      'approved',
      { evidence: { 'image-record': digestOf('another record') } },
      'brings the document image-record',
    ],
  ] as const)('is not approved or deployed with %s', async (_, to, more, why) => {
    const events = await record(upTo('planned'));
    const asked = appendEvent(
      { vault: memoryVault(), trust: TRUST, signer: signerOf(to) },
      CHANGE,
      events,
      stepTo(to, 4, more),
    );
    await expect(asked).rejects.toMatchObject({
      code: 'TRANSITION_NOT_ALLOWED',
      message: expect.stringContaining(why),
    });
  });

  test('is not planned with the document of another plan', async () => {
    const events = await record(upTo('gated'));
    const more = { evidence: { plan: digestOf('another plan') } };
    const asked = appendEvent(
      { vault: memoryVault(), trust: TRUST, signer: signerOf('planned') },
      CHANGE,
      events,
      stepTo('planned', 3, more),
    );
    await expect(asked).rejects.toMatchObject({
      message: expect.stringContaining('names one plan and brings the document of another'),
    });
  });

  test('is not moved by a key of another duty, even before anything is written', async () => {
    const vault = memoryVault();
    const events = await record(upTo('planned'), vault);
    const asked = appendEvent(
      { vault, trust: TRUST, signer: KEYS.deploy.signer },
      CHANGE,
      events,
      stepTo('approved', 4),
    );
    await expect(asked).rejects.toMatchObject({ code: 'TRANSITION_NOT_ALLOWED' });
    expect(await vault.list('changes/')).toHaveLength(4);
  });

  test('is not believed when its stored bytes were changed underneath, removed, or written by a stranger', async () => {
    const read = async (
      meddle: (vault: ReturnType<typeof memoryVault>, keys: readonly string[]) => Promise<unknown>,
    ) => {
      const vault = memoryVault();
      await record(upTo('gated'), vault);
      await meddle(vault, await vault.list('changes/'));
      return loadChange(vault, TRUST, CHANGE, CHANGE.id);
    };
    const broken = { code: 'EVIDENCE_BROKEN' };
    await expect(
      read(async (vault, [key = '']) =>
        vault.replace(key, Buffer.from('{}'), (await vault.read(key))?.version ?? ''),
      ),
    ).rejects.toMatchObject(broken);
    await expect(
      read((vault) => vault.create(eventKey(CHANGE, CHANGE.id, 4), Buffer.from('{}'))),
    ).rejects.toMatchObject(broken);
    const stranger = newKey('gate');
    const theirs = { ...TRUST, keys: [...TRUST.keys, stranger.trusted] };
    await expect(
      read(async (vault) => {
        const events = await loadChange(vault, TRUST, CHANGE, CHANGE.id);
        await appendEvent(
          { vault, trust: theirs, signer: stranger.signer },
          CHANGE,
          events,
          stepTo('planned', 3),
        );
      }),
    ).rejects.toMatchObject(broken);
  });

  test('is never given an event that nobody could believe', async () => {
    const vault = memoryVault();
    const events = await record(upTo('gated'), vault);
    const append = (signer: Signer, more = {}) =>
      appendEvent({ vault, trust: TRUST, signer }, CHANGE, events, stepTo('planned', 3, more));
    const refused = { code: 'EVENT_UNVERIFIABLE' };
    await expect(append(newKey('gate').signer)).rejects.toMatchObject(refused);
    await expect(
      append(KEYS.gate.signer, { run: { ...stepTo('planned', 3).run, sha: '' } }),
    ).rejects.toMatchObject({
      ...refused,
      details: ['predicate.run.sha: is empty'],
    });
    expect(await vault.list('changes/')).toHaveLength(3);
  });

  test('of one service is not taken for a change of another', async () => {
    const vault = memoryVault();
    await record(upTo('built'), vault);
    for (const key of await vault.list('changes/')) {
      const stored = await vault.read(key);
      await vault.create(key.replace('/orders/', '/billing/'), stored?.bytes ?? Buffer.from(''));
    }
    const asked = loadChange(vault, TRUST, { ...CHANGE, service: 'billing' }, CHANGE.id);
    await expect(asked).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
  });
});
