import type { githubStage } from './github-stage.ts';
import { type Play, type Played, playedAs } from './play.ts';

type Stage = ReturnType<typeof githubStage>;

/**
 * Plays one after the other, whatever becomes of one, and brings the files back that it changed. `tell` hears of each
 * before it begins and after it has ended.
 */
export async function runPlays(
  stage: Stage,
  plays: readonly Play[],
  tell: (play: Play, played?: Played) => void,
): Promise<readonly Played[]> {
  const before = await filesOf(stage, plays);
  const all: Played[] = [];
  try {
    for (const play of plays) {
      tell(play);
      if (play.files) await stage.commit(`Canary: ${play.name}`, { ...before, ...play.files });
      const id = await stage.start(play.start);
      const played = playedAs(play, await stage.end(play.start.repository, id));
      all.push(played);
      tell(play, played);
    }
    return all;
  } finally {
    await stage.commit('Canary: as it was before', before);
  }
}

/** The text of each file that a play will change. A file that was not there stays. */
async function filesOf(stage: Stage, plays: readonly Play[]): Promise<Readonly<Record<string, string>>> {
  const paths = [...new Set(plays.flatMap(({ files = {} }) => Object.keys(files)))];
  const read = await Promise.all(paths.map(async (path) => [path, await stage.file(path)] as const));
  return Object.fromEntries(read.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])));
}
