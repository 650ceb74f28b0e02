import { run } from '@tenant-delivery/open-change/run';
import { given, worldOf } from '@tenant-delivery/open-change/test/in-memory-world';
import { asking, busyService } from '../busy-service.ts';
import { measureRow } from '../growth-row.ts';

await measureRow({
  work: 'propose a rollback, after changes',
  n: 625,
  atMost: { processor: 2, calls: 1.2 },
  setUp: async (changes) => {
    const { delivery, vault } = await busyService(changes);
    const documents = { 'image-record': { of: 'image' }, verdict: { of: 'verdict' } };
    const image = { repositoryUri: 'orders', digest: `sha256:${'2'.repeat(64)}` } as const;
    await delivery.bring('closed', { image, documents });
    return {
      run: () =>
        asking(vault, async () => {
          const back = given({ kind: 'rollback', reason: 'slower than before' });
          const { outcome } = await run(back, worldOf(delivery));
          if (outcome !== 'proposed') throw new Error(outcome);
        }),
    };
  },
});
