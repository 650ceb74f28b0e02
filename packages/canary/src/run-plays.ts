import type { githubStage } from './github-stage.ts';
import { type Play, type Played, playedAs } from './play.ts';

type Stage = ReturnType<typeof githubStage>;

/** The subject of the commit that brings back what was there before. */
const RESTORED = 'Canary: as it was before';

/**
 * Plays one after the other, also after one that ended otherwise, and brings the files back that it changed. `tell` hears of each
 * before it begins and after it has ended.
 */
export async function runPlays(
  stage: Stage,
  plays: readonly Play[],
  tell: (play: Play, played?: Played) => void,
): Promise<readonly Played[]> {
  const subject = await stage.subject();
  if (subject.startsWith('Canary:') && subject !== RESTORED)
    throw new Error(
      `An earlier canary was cut off at "${subject}": bring main back to the commit before it, and start again.`,
    );
  const before = await filesOf(stage, plays);
  const all: Played[] = [];
  try {
    for (const play of plays) {
      tell(play);
      const sha = play.files && (await stage.commit(`Canary: ${play.name}`, { ...before, ...play.files }));
      const id = await stage.start(play.start);
      const played = playedAs(play, await stage.end(play.start.repository, id, sha));
      all.push(played);
      tell(play, played);
    }
    return all;
  } finally {
    await stage.commit(RESTORED, before);
  }
}

/** The text of each file that a play will change. A file that was not there stays. */
async function filesOf(stage: Stage, plays: readonly Play[]): Promise<Readonly<Record<string, string>>> {
  const paths = [...new Set(plays.flatMap(({ files = {} }) => Object.keys(files)))];
  const read = await Promise.all(paths.map(async (path) => [path, await stage.file(path)] as const));
  return Object.fromEntries(read.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])));
}
