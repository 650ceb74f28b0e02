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

/** What a canary committed last. */
interface Committed {
  readonly sha: string;
  readonly files: Files;
}

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
  const open = new Set<Begun>();
  const end = async (begun: Begun) => {
    const { play, run, sha } = begun;
    const played = playedAs(play, await stage.end(play.start.repository, run, sha));
    open.delete(begun);
    ended.set(play, played);
    tell(play, played);
    if (ended.size === 1 && !isDebugged(played)) throw new Error(NOT_DEBUGGED);
  };
  let last: Committed | undefined;
  const begin = async (play: Play): Promise<Begun> => {
    tell(play);
    if (play.files) {
      const files = { ...before, ...play.files };
      last = { sha: await stage.commit(`${SUBJECT}${play.name}`, files), files };
    }
    const more = play.inputsFrom?.([...ended.values()]) ?? {};
    const run = await stage.start({ ...play.start, inputs: { ...play.start.inputs, ...more } });
    const begun = { play, run, sha: play.start.repository === 'service' ? last?.sha : undefined };
    open.add(begun);
    return begun;
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
      await stage.cancel([...open].flatMap(({ sha }) => sha ?? []));
    } finally {
      if (last) await bringBack(stage, last, before); // also when a run could not be cancelled
    }
  }
}

const NOT_DEBUGGED =
  'No job of the first run has a debug log, without which nothing can be compared. Set the variable ACTIONS_STEP_DEBUG to true in both repositories, and start again.';

/** Commits what was there before. A file that somebody else has changed since then is theirs, and stays. */
async function bringBack(stage: Stage, { sha, files }: Committed, before: Files): Promise<void> {
  const [newest] = await stage.commits();
  const now = newest && newest.sha !== sha ? await filesAt(stage, Object.keys(before), newest.sha) : files;
  const ours = Object.entries(before).filter(([path]) => now[path] === files[path]);
  if (ours.length > 0) await stage.commit(RESTORED, Object.fromEntries(ours));
}

/** Whether a commit is a canary's: its subject says so, and GitHub says that the canary's author brought it. */
export function isOfCanary({ subject, own }: Commit): boolean {
  return own && subject.startsWith(SUBJECT);
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
  return filesAt(stage, paths, at);
}

async function filesAt(stage: Stage, paths: readonly string[], at: string): Promise<Files> {
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await stage.file(path, at)] as const)),
  );
}
