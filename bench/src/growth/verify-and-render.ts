import { renderReport } from '@tenant-delivery/evidence/render-report';
import { TRUST } from '@tenant-delivery/evidence/test/record-of';
import { verifyEvidence } from '@tenant-delivery/evidence/verify';
import { evidenceOf } from '../evidence-file.ts';
import { measureRow } from '../growth-row.ts';

await measureRow({
  work: 'verify and render changes of 8 events',
  n: 1_250,
  atMost: { processor: 10 },
  setUp: async (changes) => {
    const file = await evidenceOf(changes);
    return {
      run: async () => {
        const report = verifyEvidence(file, TRUST);
        if (!report.holds || report.changes.length !== changes) throw new Error(renderReport(report));
        renderReport(report);
        return {};
      },
    };
  },
});
