import { expect, test } from '@jest/globals';
import { CHANGE_STATES } from '@tenant-delivery/domain';
import { inMemoryDelivery } from './in-memory-delivery.ts';

test.each(CHANGE_STATES)('brings a change to %s by steps that all verify', async (state) => {
  const delivery = await inMemoryDelivery();
  const change = await delivery.find(await delivery.bring(state));
  expect(change.state).toBe(state);
});

test('brings a rollback to its deployment without a build or an approval', async () => {
  const delivery = await inMemoryDelivery();
  const change = await delivery.find(await delivery.bring('deploying', { kind: 'rollback' }));
  expect(change.events.map((event) => event.transition.to)).toEqual([
    'proposed',
    'gated',
    'planned',
    'deploying',
  ]);
});
