import type { Outcome } from '@tenant-delivery/action-kit/main';
import { formatImage } from '@tenant-delivery/domain';
import { countByLayer } from '@tenant-delivery/findings/layers';
import { findRunning } from './compare-with-running.ts';
import { type Found, findChange } from './find-change.ts';
import type { World } from './gate-world.ts';
import type { AgreedInputs } from './inputs.ts';
import { inspectChange } from './inspect-image.ts';
import { type Judged, judgeChange } from './judge-image.ts';
import { type RecordedVerdict, recordVerdict } from './record-verdict.ts';
import { summaryOf } from './report.ts';
import { DOCUMENT } from './report-files.ts';
import { outcomeOf, tellVerdict } from './tell-verdict.ts';

/**
 * The road of a change through the gate: what was agreed and built is read, the registry's inspections are awaited, what
 * they found is judged, and the verdict is recorded. What comes from another environment is judged here again, under the
 * limits that hold here.
 */
export async function run(given: AgreedInputs, world: World): Promise<Outcome> {
  const { runner } = world;
  const found = await runner.group('Find the contract and the change', () => findChange(given, world));
  const finding = findRunning(world, found.admission, found.change); // while the registry is waited for
  const children = await runner.group('Wait for the registry to inspect every platform of the image', () =>
    inspectChange(world, found, given['scan-minutes']),
  );
  return runner.group('Judge what was found, and record the verdict', async () => {
    const judged = await judgeChange(world, found, children, await finding);
    const recorded = await recordVerdict(world, found, children, judged);
    runner.output('verdict', recorded.digest);
    await tellVerdict(world, found.change.id, found.image, recorded.verdict, judged.judgement);
    return outcomeOf(
      recorded.verdict,
      judged.judgement,
      factsOf(found, judged, recorded),
      summaryOf(recorded.verdict, {
        change: found.change.id,
        judgement: judged.judgement,
        policy: judged.effective,
        against: judged.against,
        byLayer: countByLayer(judged.judgement.rows, found.record.layers),
        document: DOCUMENT,
      }),
    );
  });
}

/** What a workflow may branch on. */
function factsOf(
  { change, image }: Found,
  { judgement, against }: Judged,
  { digest }: RecordedVerdict,
): Outcome['facts'] {
  return {
    change: change.id,
    image: formatImage(image),
    verdict: digest,
    decision: judgement.decision,
    counts: judgement.counts,
    ...(against && {
      since: {
        change: against.change,
        new: against.fresh.length,
        fixed: against.fixed.length,
        unchanged: against.unchanged,
        newBy: against.freshBy,
      },
    }),
  };
}
