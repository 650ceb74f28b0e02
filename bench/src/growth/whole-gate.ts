import { measureRow } from '../growth-row.ts';
import { gateRuns } from '../whole-gate.ts';

await measureRow({
  work: 'the whole gate on findings of a scan of two minutes ago',
  n: 1_250,
  atMost: { processor: 4, calls: 1.5 },
  setUp: async (findings) => ({
    run: async () => {
      const [, second] = await gateRuns(findings, { latency: 0, runs: 2 }); // the first warms the caches of files
      if (!second) throw new Error('the gate did not run twice');
      return { processor: second.processor, calls: second.calls };
    },
  }),
});
