import { run } from '@tenant-delivery/close-change/run';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { asking, busyService, DOCUMENTS } from '../busy-service.ts';
import { measureRow } from '../growth-row.ts';

await measureRow({
  work: 'close a change, after changes',
  n: 625,
  atMost: { processor: 2, calls: 1.2 },
  setUp: async (changes) => {
    const { delivery, vault } = await busyService(changes);
    const change = await delivery.bring('verified', { documents: DOCUMENTS });
    const given = {
      ...delivery.target,
      change,
      mode: 'close',
      'job-status': 'success',
      hook: undefined,
    } as const;
    const runner = fakeRunner();
    const record = delivery.as('deploy', { runner });
    const runs = async () => ({ approvalsOf: async () => [] });
    return {
      run: () =>
        asking(vault, async () => {
          const world = { runner, record, delivery: async () => record, runs };
          const { outcome } = await run({ ...given, 'github-token': 'token' }, world);
          if (outcome !== 'closed') throw new Error(outcome);
        }),
    };
  },
});
