import { answersOf } from './answers.ts';
import { compare } from './compare.ts';
import type { githubStage } from './github-stage.ts';
import { HERE, stageHere } from './here.ts';
import { judge } from './judge.ts';
import type { Play, Played } from './play.ts';
import { playsFor } from './plays.ts';
import { type Report, reportOf } from './report.ts';
import { runPlays } from './run-plays.ts';

export type Stage = ReturnType<typeof githubStage>;

type Tell = (play: Play, played?: Played) => void;

/**
 * What the local servers say to the same plays: what AWS is compared with. Rotations and grants are played on AWS alone, and
 * compared with nothing.
 */
export async function playedHere(mark: string, signal: AbortSignal, tell: Tell): Promise<readonly Played[]> {
  const here = await stageHere(signal);
  try {
    return await runPlays(here.stage, playsFor(HERE, mark), tell);
  } finally {
    await here.close();
  }
}

/** Plays a canary on a stage, and says how that went against what the local servers did with the same plays. */
export async function canary(
  stage: Stage,
  plays: readonly Play[],
  expected: readonly Played[],
  tell: Tell,
): Promise<Report> {
  const played = await runPlays(stage, plays, tell);
  const commits = plays.filter(({ files }) => files !== undefined).length + 1; // and the one that brings the files back
  const answers = answersOf(played);
  const deviations = compare(answersOf(expected), answers);
  const movers = await stage.movers();
  return reportOf(played, deviations, judge({ plays: played, answers, deviations, movers, commits }));
}
