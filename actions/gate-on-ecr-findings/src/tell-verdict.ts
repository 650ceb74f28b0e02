import type { Outcome } from '@tenant-delivery/action-kit/main';
import { formatImage, type Image } from '@tenant-delivery/domain';
import { annotationsOf } from '@tenant-delivery/findings/annotations';
import type { Judgement, Verdict } from '@tenant-delivery/findings/verdict';
import type { GateWorld } from './gate-world.ts';
import { remedyOf } from './remedy.ts';
import { answersOf, headlineOf, rowsOf } from './report.ts';
import { DOCUMENT, writeReports } from './report-files.ts';

/** Says what was decided in every place where somebody looks: outputs, log, annotations, files. */
export async function tellVerdict(
  world: GateWorld,
  /** The change, or without a contract the image's digest. */
  about: string,
  image: Image,
  verdict: Verdict,
  judgement: Judgement,
): Promise<void> {
  const { runner } = world;
  runner.output('decision', judgement.decision);
  runner.output('image', formatImage(image));
  runner.output('counts', JSON.stringify(judgement.counts));
  runner.verbatim([...judgement.reasons, ...rowsOf(judgement)]);
  const warnings = [...(verdict.notTold ?? []), ...answersOf(verdict), ...annotationsOf(judgement, DOCUMENT)];
  for (const sentence of warnings) runner.warning(sentence);
  await writeReports(world, about, verdict, judgement);
}

/** The end of the step. A denied image fails it. */
export function outcomeOf(
  verdict: Verdict,
  judgement: Judgement,
  facts: Outcome['facts'],
  summary: string,
): Outcome {
  const { decision, reasonCode } = judgement;
  const ok = decision === 'allow';
  return {
    outcome: ok ? 'gated' : 'denied',
    reasonCode,
    ok,
    headline: headlineOf(verdict),
    ...(!ok && { remedy: remedyOf(judgement) }),
    facts,
    summary,
  };
}
