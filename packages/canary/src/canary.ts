import { answersOf } from './answers.ts';
import { compare } from './compare.ts';
import type { githubStage } from './github-stage.ts';
import { HERE, stageHere } from './here.ts';
import { judge } from './judge.ts';
import type { Play, Played } from './play.ts';
import { playsFor, type Target } from './plays.ts';
import { type Report, reportOf } from './report.ts';
import { runPlays } from './run-plays.ts';

export type Stage = ReturnType<typeof githubStage>;

type Tell = (play: Play, played?: Played) => void;

/** What the local servers say to every play that the target allows: what AWS is compared with. */
export async function playedHere(
  target: Pick<Target, 'credential' | 'grant'>,
  mark: string,
  signal: AbortSignal,
  tell: Tell,
): Promise<readonly Played[]> {
  const here = await stageHere(signal);
  try {
    const wanted = playsFor({ ...target, ...HERE }, mark).map(({ name }) => name);
    const plays = playsFor(HERE, mark).filter(({ name }) => wanted.includes(name));
    return await runPlays(here.stage, plays, tell);
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
