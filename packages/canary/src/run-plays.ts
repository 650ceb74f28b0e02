import { isDebugged } from './answers.ts';
import type { Commit, Files } from './branch.ts';
import type { Stage } from './github-stage.ts';
import { type Play, type Played, playedAs } from './play.ts';
import { FILES } from './programs.ts';

/** What the subject of every commit of a canary begins with. */
const SUBJECT = 'Canary: ';

/** The subject of the commit that brings back what was there before. */
const RESTORED = `${SUBJECT}as it was before`;

/** Hears of each play before it begins, and after it has ended. */
export type Tell = (play: Play, played?: Played) => void;

interface Begun {
  readonly play: Play;
  readonly run: number;
  /** The commit that the run must be of; absent where it is of another repository. */
  readonly sha: string | undefined;
}

/**
 * Plays one after the other, also after one that ended otherwise, and brings the files back that it changed, also those of
 * an earlier canary that was cut off. Ends after the first whose jobs have no debug log: a canary learns everything from these.
 */
export async function runPlays(stage: Stage, plays: readonly Play[], tell: Tell): Promise<readonly Played[]> {
  const before = await filesOf(stage, plays, await asItWas(stage));
  const ended = new Map<Play, Played>();
  const end = async ({ play, run, sha }: Begun) => {
    const played = playedAs(play, await stage.end(play.start.repository, run, sha));
    ended.set(play, played);
    tell(play, played);
    if (ended.size === 1 && !isDebugged(played)) throw new Error(NOT_DEBUGGED);
  };
  let head: string | undefined;
  const begin = async (play: Play): Promise<Begun> => {
    tell(play);
    if (play.files) head = await stage.commit(`${SUBJECT}${play.name}`, { ...before, ...play.files });
    const more = play.inputsFrom?.([...ended.values()]) ?? {};
    const run = await stage.start({ ...play.start, inputs: { ...play.start.inputs, ...more } });
    return { play, run, sha: play.start.repository === 'service' ? head : undefined };
  };
  const waiting: Begun[] = [];
  try {
    for (const play of plays) {
      const begun = await begin(play);
      if (play.waits) {
        await stage.untilItWaits(play.start.repository, begun.run);
        waiting.push(begun);
        continue;
      }
      await end(begun);
      for (const older of waiting.splice(0)) await end(older);
    }
    return plays.flatMap((play) => ended.get(play) ?? []);
  } finally {
    try {
      await stage.cancel(waiting.flatMap(({ sha }) => sha ?? []));
    } finally {
      if (head !== undefined) await stage.commit(RESTORED, before); // also when a run could not be cancelled
    }
  }
}

const NOT_DEBUGGED =
  'No job of the first run has a debug log, without which nothing can be compared. Set the variable ACTIONS_STEP_DEBUG to true in both repositories, and start again.';

/** Whether a commit is a canary's own. */
export function isOfCanary({ subject }: Commit): boolean {
  return subject.startsWith(SUBJECT);
}

/** The newest commit that no canary was in the middle of. Runs of a canary that was cut off are cancelled. */
async function asItWas(stage: Stage): Promise<string> {
  const commits = await stage.commits();
  const at = commits.findIndex((commit) => !isOfCanary(commit) || commit.subject === RESTORED);
  await stage.cancel(commits.slice(0, at).map(({ sha }) => sha));
  const found = commits[at];
  if (!found) throw new Error('The branch has nothing but commits of canaries.');
  return found.sha;
}

/** The text that each file had which a play will change, or an earlier canary may have changed. */
async function filesOf(stage: Stage, plays: readonly Play[], at: string): Promise<Files> {
  const paths = [...new Set([...FILES, ...plays.flatMap(({ files = {} }) => Object.keys(files))])];
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await stage.file(path, at)] as const)),
  );
}
