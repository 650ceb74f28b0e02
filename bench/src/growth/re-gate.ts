import { lastVerified } from '@tenant-delivery/delivery/last-verified';
import { asking, busyService } from '../busy-service.ts';
import { measureRow } from '../growth-row.ts';

await measureRow({
  work: 'find the version that a re-gate judges, after changes',
  n: 625,
  atMost: { processor: 2, calls: 1.2 },
  setUp: async (changes) => {
    const { delivery, vault } = await busyService(changes);
    return {
      run: () =>
        asking(vault, async () => {
          const found = await lastVerified(delivery.as('build'), delivery.target);
          if (!found) throw new Error('a version runs');
        }),
    };
  },
});
