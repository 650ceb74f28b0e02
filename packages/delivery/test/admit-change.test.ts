import { expect, test } from '@jest/globals';
import { agreedTrust, findContract } from '@tenant-delivery/tenancy/contract-in-force';
import { admitChange } from '../src/admit-change.ts';
import { inMemoryDelivery } from './in-memory-delivery.ts';

/** A job whose contract comes late, and what it has asked its vault for before that. */
async function lateContract() {
  const delivery = await inMemoryDelivery({ keysIn: 'contract' });
  const id = await delivery.bring('planned');
  const found = await findContract(delivery.vault, 'prod');
  const arrived = Promise.withResolvers<typeof found>();
  const world = delivery.as('deploy');
  const asked: string[] = [];
  const list: typeof world.vault.list = (prefix, ...more) => {
    asked.push(prefix);
    return world.vault.list(prefix, ...more);
  };
  const late = {
    ...world,
    vault: { ...world.vault, list },
    contract: () => arrived.promise,
    trust: arrived.promise.then((contract) =>
      agreedTrust(contract, world.released, delivery.target, delivery.clock.now()),
    ),
  };
  const admitted = admitChange(late, delivery.target, id);
  await new Promise((passed) => setTimeout(passed, 20));
  return { delivery, id, found, asked, arrived, admitted };
}

test('a change is read while the contract is on its way, and judged by the keys that it names', async () => {
  const { id, found, asked, arrived, admitted } = await lateContract();
  expect(asked).toEqual([`changes/prod/orders/${id}/`]);
  arrived.resolve(found);
  await expect(admitted).resolves.toMatchObject({ change: { id, state: 'planned' } });
});

test('what is wrong with the contract is said first, and its keys prove nothing', async () => {
  const { found, arrived, admitted } = await lateContract();
  arrived.resolve({ ...found, seen: { schemaVersion: 1, serial: 99, digest: `sha256:${'0'.repeat(64)}` } });
  await expect(admitted).rejects.toMatchObject({ code: 'CONTRACT_OLDER' });
});

test('a record by keys that the contract does not name does not hold', async () => {
  const { delivery, id } = await lateContract();
  const world = delivery.as('deploy');
  const asked = admitChange({ ...world, trust: world.released }, delivery.target, id);
  await expect(asked).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
});
