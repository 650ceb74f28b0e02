import { describe, expect, it } from '@jest/globals';
import { DAY } from '@tenant-delivery/domain';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import type { Vault } from '@tenant-delivery/vault/ports';
import fc from 'fast-check';
import { newChangeId, timeOf } from '../src/change-id.ts';
import { deployedChanges, earlierChanges } from '../src/earlier-changes.ts';
import { type InMemoryDelivery, inMemoryDelivery } from './in-memory-delivery.ts';

it('a change id tells when it was made, to the millisecond', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 47 }), (now) => timeOf(newChangeId(now)) === now));
});

async function all(delivery: InMemoryDelivery): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of earlierChanges(delivery.as('build'), delivery.target)) ids.push(id);
  return ids;
}

describe('the changes before', () => {
  it('come newest first, however many there are', async () => {
    const delivery = await inMemoryDelivery();
    const ids: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      ids.unshift(await delivery.bring('proposed'));
      await delivery.clock.sleep(1000);
    }
    expect(await all(delivery)).toEqual(ids);
  });

  it('are not believed when an event of theirs was altered', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('proposed');
    const key = `changes/prod/orders/${id}/0000.dsse.json`;
    const stored = await delivery.vault.read(key);
    const altered = Buffer.from(stored?.bytes ?? [])
      .toString()
      .replace(/"sig":"./, '"sig":"A');
    await delivery.vault.replace(key, Buffer.from(altered), stored?.version ?? '');
    await expect(all(delivery)).rejects.toMatchObject({
      code: 'EVIDENCE_BROKEN',
    });
  });

  it.each([
    ['another change', 'chg_01ARZ3NDEKTSV4RRFFQ69G5FAV', '0007'],
    ['another number', undefined, '0099'],
  ])('are not believed when a true event was copied to the place of %s', async (_, id, seq) => {
    const delivery = await inMemoryDelivery();
    const closed = await delivery.bring('closed');
    const stored = await delivery.vault.read(`changes/prod/orders/${closed}/0007.dsse.json`);
    const key = `changes/prod/orders/${id ?? closed}/${seq}.dsse.json`;
    await delivery.vault.create(key, stored?.bytes ?? new Uint8Array());
    await expect(all(delivery)).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
  });
});

describe('the changes that touched the service', () => {
  it('are ordered by their last touch, not by when they were proposed', async () => {
    const delivery = await inMemoryDelivery();
    const slow = await delivery.bring('verified');
    await delivery.clock.sleep(1000);
    const quick = await delivery.bring('closed');
    await delivery.clock.sleep(1000);
    await delivery.bring('denied');
    await (await delivery.find(slow, 'deploy')).append('closed');
    const found = await deployedChanges(delivery.as('build'), delivery.target);
    expect(found.map(({ id }) => id)).toEqual([slow, quick]);
  });

  it('cost no more requests after 300 deliveries than after 60', async () => {
    const requests = async (deliveries: number) => {
      const inner = memoryVault();
      const counts = { list: 0, listed: 0, read: 0 };
      const vault: Vault = {
        ...inner,
        list: async (prefix, after) => {
          const keys = await inner.list(prefix, after);
          counts.list += 1;
          counts.listed += keys.length;
          return keys;
        },
        read: (key) => {
          counts.read += 1;
          return inner.read(key);
        },
      };
      const delivery = await inMemoryDelivery({ vault });
      const target = delivery.target;
      const first = await delivery.bring('closed');
      const sealed = await Promise.all(
        (await inner.list(`changes/${target.environment}/${target.service}/${first}/`)).map(inner.read),
      );
      // Others of that form were made before, one a day: whoever reads further back than it must meets a foreign event.
      for (let day = 61; day <= deliveries; day += 1) {
        const id = newChangeId(timeOf(first) - day * DAY);
        for (const [seq, stored] of sealed.entries())
          await inner.create(
            `changes/${target.environment}/${target.service}/${id}/${String(seq).padStart(4, '0')}.dsse.json`,
            stored?.bytes ?? new Uint8Array(),
          );
      }
      Object.assign(counts, { list: 0, listed: 0, read: 0 });
      const found = await deployedChanges(delivery.as('build'), target);
      expect(found.map(({ id }) => id)).toEqual([first]);
      return { ...counts };
    };
    expect(await requests(300)).toEqual(await requests(60));
  });

  it('are found however old the latest is', async () => {
    const delivery = await inMemoryDelivery();
    const ids: string[] = [];
    for (const days of [1, 70, 250]) {
      ids.unshift(await delivery.bring('verified'));
      await delivery.clock.sleep(days * DAY);
    }
    const found = await deployedChanges(delivery.as('build'), delivery.target);
    expect(found.map(({ id }) => id)).toEqual(ids);
    expect(await all(delivery)).toEqual(ids);
  });

  it('are looked for only as far back as one could still have been open', async () => {
    const delivery = await inMemoryDelivery();
    await delivery.bring('closed');
    await delivery.clock.sleep(46 * DAY);
    const recent = await delivery.bring('closed');
    const found = await deployedChanges(delivery.as('build'), delivery.target);
    expect(found.map(({ id }) => id)).toEqual([recent]);
  });
});
