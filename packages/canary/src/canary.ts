import { warmActions } from '@tenant-delivery/local-platform/warm-actions';
import type { CanaryAccount } from './account.ts';
import { type AnswersByOperation, answersOf } from './answers.ts';
import { compare } from './compare.ts';
import type { Stage } from './github-stage.ts';
import { HERE, stageHere } from './here.ts';
import { judge } from './judge.ts';
import type { Play, Played } from './play.ts';
import { playsFor } from './plays.ts';
import { type Report, reportOf } from './report.ts';
import { runPlays, type Tell } from './run-plays.ts';
import { readOr } from './seen.ts';
import { timingOf } from './timing.ts';

/** What the local servers say to plays of these names: what AWS is compared with. */
export async function playedHere(
  names: readonly string[],
  stamp: string,
  signal: AbortSignal,
  tell: Tell,
): Promise<readonly Played[]> {
  const actions = warmActions();
  try {
    const here = await stageHere(signal, { startAction: actions.start });
    try {
      const plays = playsFor(HERE, stamp).filter(({ name }) => names.includes(name));
      return await runPlays(here.stage, plays, tell);
    } finally {
      await here.close();
    }
  } finally {
    actions.close();
  }
}

/** Plays a canary on a stage, and says how that went against what the local servers did with the same plays. */
export async function canary(
  stage: Stage,
  plays: readonly Play[],
  expected: readonly Played[],
  tell: Tell,
  account?: Pick<CanaryAccount, 'ask'>,
): Promise<Report> {
  const played = await runPlays(stage, plays, tell);
  const commits = plays.filter(({ files }) => files !== undefined).length + 1; // and the one that brings the files back
  const [answers, answersHere] = [answersOf(played), answersOf(expected)];
  const deviations = compare(answersHere, answers);
  const [movers, bots, asked] = await Promise.all([
    readOr(stage.movers()),
    readOr(stage.bots()),
    account?.ask(), // never throws
  ]);
  const refusedHere = refusedWrites(answersHere);
  const judged = judge({
    plays: played,
    answers,
    deviations,
    movers,
    commits,
    bots,
    questions: asked?.answers ?? {},
    refusedHere,
  });
  const timing = timingOf(answersHere, answers);
  return reportOf(played, { deviations, timing, assumptions: judged, left: asked?.left });
}

/** How often a key of the vault was not written, because it was there. */
function refusedWrites(answers: AnswersByOperation): number {
  return answers['S3:PutObject']?.refusals['PreconditionFailed'] ?? 0;
}
