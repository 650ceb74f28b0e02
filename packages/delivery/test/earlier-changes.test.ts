import { describe, expect, it } from '@jest/globals';
import { type ChangeState, canonicalJson, DAY, type Duty, HOUR } from '@tenant-delivery/domain';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import { pae } from '@tenant-delivery/evidence/dsse';
import { deployedMarks, endedMarks, markEnded } from '@tenant-delivery/evidence/past-marks';
import type { Signer } from '@tenant-delivery/evidence/ports';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import type { Vault } from '@tenant-delivery/vault/ports';
import fc from 'fast-check';
import { newChangeId, timeOf } from '../src/change-id.ts';
import { deployedChanges, type EarlierChange, mendMarks, recentChanges } from '../src/earlier-changes.ts';
import { lastVerified } from '../src/last-verified.ts';
import { type InMemoryDelivery, inMemoryDelivery } from './in-memory-delivery.ts';

it('a change id tells when it was made, to the millisecond', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 47 }), (now) => timeOf(newChangeId(now)) === now));
});

const NOTHING = new Uint8Array();

const signed = new Map<string, readonly string[]>();

/** What a vault has of many changes like one that ended so. They are signed once: most histories here have the same. */
async function keysOfOthers(
  events: readonly ChangeEvent[],
  signer: Signer,
  { began, count }: { readonly began: number; readonly count: number },
): Promise<readonly string[]> {
  const known = signed.get(`${began} ${count}`);
  if (known) return known;
  const [like] = events;
  if (!like) throw new Error('it was brought');
  const vault = memoryVault();
  const keys: string[] = [];
  for (let nth = 1; nth <= count; nth += 1) {
    const now = began + (nth * DAY) / 100;
    const id = newChangeId(now);
    const event: ChangeEvent = {
      ...like,
      change: { ...like.change, id },
      transition: { from: 'gated', to: 'unchanged' },
      occurredAt: new Date(now).toISOString(),
    };
    await markEnded(vault, signer, [event]);
    keys.push(`changes/prod/orders/${id}/0003.dsse.json`);
  }
  keys.push(...(await vault.list('past/')));
  signed.set(`${began} ${count}`, keys);
  return keys;
}

/** A delivery whose vault can lose keys, as no right at AWS allows, and counts what it is asked. */
async function countedDelivery() {
  const inner = memoryVault();
  const gone = new Set<string>();
  const asked = { lists: 0, reads: 0 };
  const vault: Vault = {
    ...inner,
    list: async (prefix, after, shape) => {
      asked.lists += 1;
      const keys = await inner.list(prefix, after, shape);
      return keys.filter((key) => !gone.has(key));
    },
    read: (key) => {
      asked.reads += 1;
      return inner.read(key);
    },
  };
  const delivery = await inMemoryDelivery({ vault });
  const { target } = delivery;
  const marks = async () => [
    ...(await inner.list(deployedMarks(target))),
    ...(await inner.list(endedMarks(target))),
  ];
  return {
    ...delivery,
    inner,
    /** Brings each, an hour apart; answers their ids in this order. */
    series: async (...states: readonly ChangeState[]) => {
      const ids: string[] = [];
      for (const state of states) {
        ids.push(await delivery.bring(state));
        await delivery.clock.sleep(HOUR);
      }
      return ids;
    },
    marks,
    /** Later changes that found nothing to change, 100 a day. Only their marks can be believed: their events cannot be read. */
    busy: async (count: number) => {
      if (count === 0) return;
      const { events } = await delivery.find(await delivery.bring('unchanged'));
      const began = delivery.clock.now();
      await delivery.clock.sleep((count * DAY) / 100);
      for (const key of await keysOfOthers(events, delivery.signers.gate, { began, count }))
        await inner.create(key, NOTHING);
    },
    /** Loses the marks of a change, or those of them that are wanted. */
    lose: async (id: string, wanted: (key: string) => boolean = () => true) => {
      for (const key of await marks()) if (key.includes(id) && wanted(key)) gone.add(key);
    },
    asking: async <T>(work: () => Promise<T>) => {
      Object.assign(asked, { lists: 0, reads: 0 });
      const answer = await work();
      return { answer, ...asked };
    },
  };
}

type Counted = Awaited<ReturnType<typeof countedDelivery>>;

async function recent(delivery: InMemoryDelivery): Promise<readonly string[]> {
  return (await recentChanges(delivery.as('build'), delivery.target)).map(({ id }) => id);
}

async function deployed(delivery: InMemoryDelivery, most = 1_000): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { id } of deployedChanges(delivery.as('build'), delivery.target)) {
    found.push(id);
    if (found.length === most) break;
  }
  return found;
}

const last = async (delivery: InMemoryDelivery) =>
  (await lastVerified(delivery.as('build'), delivery.target))?.id;

describe('the latest changes', () => {
  it('come newest first, and only open ones are read', async () => {
    const delivery = await countedDelivery();
    const ids = await delivery.series('closed', 'unchanged', 'built', 'denied', 'rolled-back', 'planned');
    const { answer, lists, reads } = await delivery.asking(() =>
      recentChanges(delivery.as('build'), delivery.target),
    );
    expect(answer.map(({ id, state, event }) => [id, state, event !== undefined])).toEqual([
      [ids[5], 'planned', true],
      [ids[4], 'rolled-back', false],
      [ids[3], 'denied', false],
      [ids[2], 'built', true],
      [ids[1], 'unchanged', false],
      [ids[0], 'closed', false],
    ]);
    expect([lists, reads]).toEqual([5, 2]); // ids, two kinds of marks, and the events of two changes
  });

  it('say of an ended change what its record says', async () => {
    const delivery = await countedDelivery();
    const [id = ''] = await delivery.series('closed');
    const [marked] = await recentChanges(delivery.as('build'), delivery.target);
    await delivery.lose(id);
    const [{ event, run, ...read } = {}] = await recentChanges(delivery.as('build'), delivery.target);
    expect(event?.seq).toBe(7);
    expect(marked).toEqual({ ...read, run: { runId: run?.runId, runAttempt: run?.runAttempt } });
  });

  it('are not believed when an event of an open one was altered', async () => {
    const delivery = await countedDelivery();
    const [id] = await delivery.series('proposed');
    const key = `changes/prod/orders/${id}/0000.dsse.json`;
    const stored = await delivery.vault.read(key);
    const altered = Buffer.from(stored?.bytes ?? [])
      .toString()
      .replace(/"sig":"./, '"sig":"A');
    await delivery.vault.replace(key, Buffer.from(altered), stored?.version ?? '');
    await expect(recent(delivery)).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
  });

  it.each([
    ['another change', 'chg_01ARZ3NDEKTSV4RRFFQ69G5FAV', '0007'],
    ['another number', undefined, '0099'],
  ])('are not believed when a true event was copied to the place of %s', async (_, other, seq) => {
    const delivery = await countedDelivery();
    const [id = ''] = await delivery.series('verified');
    const stored = await delivery.vault.read(`changes/prod/orders/${id}/0006.dsse.json`);
    const key = `changes/prod/orders/${other ?? id}/${seq}.dsse.json`;
    await delivery.vault.create(key, stored?.bytes ?? NOTHING);
    await expect(recent(delivery)).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
  });

  it('are not believed when the key of a build says that a deployed change was abandoned before', async () => {
    const delivery = await countedDelivery();
    const [open = '', other = ''] = await delivery.series('verified', 'planned');
    const forged = await delivery.find(other);
    await forged.append('abandoned'); // from planned, as the key of a build may sign
    const event = await delivery.vault.read(`changes/prod/orders/${other}/0004.dsse.json`);
    const statement = JSON.parse(
      Buffer.from(JSON.parse(Buffer.from(event?.bytes ?? []).toString()).payload, 'base64').toString(),
    );
    Object.assign(statement.predicate, { seq: 7, change: { ...statement.predicate.change, id: open } });
    const payload = Buffer.from(canonicalJson(statement));
    const { build } = delivery.signers;
    const signature = build.algorithm.canonical(
      await build.sign(pae('application/vnd.in-toto+json', payload)),
    );
    const envelope = {
      payload: payload.toString('base64'),
      payloadType: 'application/vnd.in-toto+json',
      signatures: [{ keyid: build.keyId, sig: Buffer.from(signature).toString('base64') }],
    };
    const key = `changes/prod/orders/${open}/0007.dsse.json`;
    await delivery.vault.create(key, Buffer.from(canonicalJson(envelope)));
    await expect(recent(delivery)).rejects.toMatchObject({
      code: 'EVIDENCE_BROKEN',
      message: expect.stringContaining('leaves planned, which no deploy does with its event 7'),
    });
  });
});

describe('the changes that were deployed', () => {
  it('are ordered by when they began, whatever was recorded of them later', async () => {
    const delivery = await countedDelivery();
    const [slow = '', quick] = await delivery.series('verified', 'closed', 'denied');
    await (await delivery.find(slow, 'deploy')).append('closed');
    expect(await deployed(delivery)).toEqual([quick, slow]);
    await delivery.lose(slow);
    await delivery.lose(String(quick));
    expect(await deployed(delivery)).toEqual([quick, slow]);
  });

  it('are found however old the latest is', async () => {
    const delivery = await countedDelivery();
    const ids: string[] = [];
    for (const days of [1, 70, 250]) {
      ids.unshift(await delivery.bring('verified'));
      await delivery.clock.sleep(days * DAY);
    }
    expect(await deployed(delivery)).toEqual(ids);
    expect(await recent(delivery)).toEqual(ids);
  });

  it.each(['closed', 'unchanged', 'rolled-back', 'denied', 'failed'] as const)(
    'cost no more after 40 changes that ended as %s than after 4',
    async (state) => {
      const asked = async (count: number) => {
        const delivery = await countedDelivery();
        const states = Array.from({ length: count }, () => state);
        const [first] = await delivery.series('closed', ...states);
        const found = await delivery.asking(() => last(delivery));
        expect(found.answer === first).toBe(state !== 'closed');
        return [found.lists, found.reads];
      };
      expect(await asked(40)).toEqual(await asked(4));
    },
  );

  it('are found at once after thousands of changes that changed nothing', async () => {
    const delivery = await countedDelivery();
    const [id] = await delivery.series('closed');
    await delivery.busy(3_000);
    const { answer, lists, reads } = await delivery.asking(() => last(delivery));
    expect(answer).toBe(id);
    expect([lists, reads]).toEqual([6, 8]); // ids twice, marks three times, and the events of the one that is found
  });

  it('cost a listing of the longest time in which one may be open where nothing was ever deployed', async () => {
    const delivery = await countedDelivery();
    await delivery.busy(3_000);
    const { answer, lists, reads } = await delivery.asking(() => last(delivery));
    expect([answer, lists, reads]).toEqual([undefined, 7, 0]);
  });
});

describe.each([
  ['of a new service', 0],
  ['of a service with a thousand changes', 1_100],
])('marks %s only save time', (_, others) => {
  const HISTORY = ['closed', 'closed', 'unchanged', 'rolled-back', 'planned'] as const;

  async function expectTruth(delivery: Counted, ids: readonly string[]) {
    expect(await last(delivery)).toBe(ids[1]);
    expect(await deployed(delivery)).toEqual([ids[3], ids[1], ids[0]]);
    if (others > 0) return; // all of the latest are others
    const states = (await recentChanges(delivery.as('build'), delivery.target)).map(({ state }) => state);
    expect(states.toReversed()).toEqual(HISTORY);
  }

  it.each([
    ['every mark is lost, as in a vault of an older release', () => true],
    ['what says that a deployment began is lost', (key: string) => key.endsWith('/begun')],
    ['what says how a change ended is lost', (key: string) => !key.endsWith('/begun')],
  ])('%s', async (_, wanted) => {
    const delivery = await countedDelivery();
    const ids = await delivery.series(...HISTORY);
    await delivery.busy(others);
    for (const id of ids) await delivery.lose(id, wanted);
    await expectTruth(delivery, ids);
  });

  /** A mark in the place of the true one, which says something else, with a signature by a key. */
  async function lie(delivery: Counted, id: string, state: ChangeState, duty: Duty) {
    const stored = await delivery.find(id);
    const before = stored.events.slice(0, 4);
    const end = stored.events.at(-1);
    if (!end) throw new Error('it was brought');
    const events = [...before, { ...end, transition: { from: 'planned', to: state } as const }];
    const signer = { ...delivery.signers[duty], duty: 'gate' as const };
    await markEnded(delivery.inner, signer, events);
  }

  it('a build that broke out says with its key that the version which runs was abandoned', async () => {
    const delivery = await countedDelivery();
    const ids = await delivery.series(...HISTORY);
    await delivery.busy(others);
    await lie(delivery, ids[1] ?? '', 'abandoned', 'build');
    await lie(delivery, ids[4] ?? '', 'abandoned', 'build');
    await expectTruth(delivery, ids);
  });

  it('a mark by a key that is believed contradicts another one: the change is read', async () => {
    const delivery = await countedDelivery();
    const ids = await delivery.series(...HISTORY);
    await delivery.busy(others);
    await lie(delivery, ids[2] ?? '', 'withdrawn', 'gate'); // which is listed after `unchanged`
    await expectTruth(delivery, ids);
  });

  it('the key of a gate says that the version which runs was abandoned while it deployed', async () => {
    const delivery = await countedDelivery();
    const [id = ''] = await delivery.series('verified');
    const { events } = await delivery.find(id);
    const end = events.at(-1);
    if (!end) throw new Error('it was brought');
    const signer = { ...delivery.signers.gate, duty: 'deploy' as const };
    const transition = { from: 'deploying', to: 'abandoned' } as const;
    await markEnded(delivery.inner, signer, [...events.slice(0, 6), { ...end, transition }]);
    await delivery.busy(others);
    expect(await delivery.marks()).toHaveLength(2 + (others > 0 ? others + 1 : 0));
    expect(await last(delivery)).toBe(id);
  });

  it('a true mark is copied to another time, another change, another service, or says another state', async () => {
    const delivery = await countedDelivery();
    const ids = await delivery.series(...HISTORY);
    await delivery.busy(others);
    for (const key of (await delivery.marks()).filter((mark) => ids.some((id) => mark.includes(id)))) {
      for (const copy of [
        key.replace(/\/deployed\/\d{13}/, '/deployed/0000000000001'),
        key.replaceAll(/chg_\w{26}/g, ids[4] ?? ''),
        key.replaceAll(/chg_\w{26}/g, ids[0] ?? ''),
        key.replace('/orders/', '/billing/'),
        key.replace('/rolled-back.', '/closed.'),
        key.replace('/unchanged.', '/withdrawn.'),
      ])
        await delivery.inner.create(copy, NOTHING);
    }
    await expectTruth(delivery, ids);
    const billing = { ...delivery.target, service: 'billing' };
    expect(await recentChanges(delivery.as('build'), billing)).toEqual([]);
    expect(await lastVerified(delivery.as('build'), billing)).toBeUndefined();
  });

  it('thousands of keys say nothing true', async () => {
    const delivery = await countedDelivery();
    const ids = await delivery.series(...HISTORY);
    await delivery.busy(others);
    const { target, inner } = delivery;
    const facts = `closed.deploy.1764580000000.1.1.${'a'.repeat(64)}/${'0'.repeat(16)}.c2ln`;
    for (let count = 0; count < 1_500; count += 1) {
      const time = String(count).padStart(13, '0');
      await inner.create(`${deployedMarks(target)}${time}.${ids[count % 5]}/begun`, NOTHING);
      await inner.create(`${deployedMarks(target)}${time}.${newChangeId(count)}/${facts}`, NOTHING);
      await inner.create(`${endedMarks(target)}${newChangeId(count + 2 ** 42)}/${facts}`, NOTHING);
      await inner.create(`${deployedMarks(target)}junk-${count}`, NOTHING);
    }
    await expectTruth(delivery, ids);
  });

  it('a job dies after it said that it begins to deploy, and before it recorded so', async () => {
    const delivery = await countedDelivery();
    const ids = await delivery.series(...HISTORY);
    await delivery.busy(others);
    const time = String(9_999_999_999_999 - delivery.clock.now());
    await delivery.inner.create(`${deployedMarks(delivery.target)}${time}.${ids[4]}/begun`, NOTHING);
    await expectTruth(delivery, ids);
  });

  it('the vault takes no mark: the change ends all the same', async () => {
    const inner = memoryVault();
    const vault: Vault = {
      ...inner,
      create: async (key, bytes) => {
        if (key.startsWith('past/') && !key.endsWith('/begun')) throw new Error('throttled');
        return inner.create(key, bytes);
      },
    };
    const delivery = await inMemoryDelivery({ vault });
    const id = await delivery.bring('closed');
    expect((await delivery.find(id)).state).toBe('closed');
    expect(await last(delivery)).toBe(id);
  });

  it('no change begins to deploy unmarked', async () => {
    const inner = memoryVault();
    const vault: Vault = {
      ...inner,
      create: async (key, bytes) => {
        if (key.startsWith('past/')) throw new Error('throttled');
        return inner.create(key, bytes);
      },
    };
    const delivery = await inMemoryDelivery({ vault });
    await expect(delivery.bring('deploying')).rejects.toThrow('throttled');
    expect((await recentChanges(delivery.as('build'), delivery.target)).map(({ state }) => state)).toEqual([
      'approved',
    ]);
  });

  it('a job whose key is believed marks what has no mark, and the next search reads nothing', async () => {
    const delivery = await countedDelivery();
    const ids = await delivery.series('closed', 'abandoned', 'unchanged');
    for (const id of ids) await delivery.lose(id);
    const search = () => recentChanges(delivery.as('build'), delivery.target);
    const before = await delivery.asking(search);
    expect(before.answer.filter(({ event }: EarlierChange) => event)).toHaveLength(3);
    const unmarked = async () => (await search()).filter(({ event }) => event).map(({ id }) => id);
    await mendMarks(delivery.as('build'), before.answer);
    expect(await unmarked()).toEqual(ids.toReversed());
    await mendMarks(delivery.as('gate'), before.answer);
    expect(await unmarked()).toEqual([ids[0]]); // what became of a deployment is for its own key to say
    await mendMarks(delivery.as('deploy'), before.answer);
    expect(await unmarked()).toEqual([]);
  });
});
