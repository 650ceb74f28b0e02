import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Vault } from '@tenant-delivery/vault';
import { withDoubts } from './doubts.ts';
import { failures } from './failures.ts';
import { append, type Journal, type ReadFact, readJournal } from './journal.ts';
import type { Began, Ended, Ending, RunFacts } from './journal-entry.ts';
import type { Plan, Reason, Station } from './plan.ts';
import type { ChangeRecorder, ServerTime } from './ports.ts';

/** One kind of credential: how it is looked at, what comes next, and how one step is done. */
export interface Kind<Snapshot, Step, Note extends { readonly kind: string }> {
  readonly readFact: ReadFact<Note | Began<Step> | Ended<Step>>;
  /** Throws when anything could not be observed: what is unknown is never taken as absent or unused. */
  observe(journal: Journal<Note | Began<Step> | Ended<Step>>): Promise<Snapshot>;
  plan(snapshot: Snapshot, journal: Journal<Note | Began<Step> | Ended<Step>>, now: number): Plan<Step, Note>;
  /** One call that changes something. Throws only when nobody knows whether it took effect. */
  apply(step: Step): Promise<Ending>;
  /** Reading calls with the stored credential; a reason when it does not work. */
  prove(version: string): Promise<{ readonly note: Note } | { readonly failed: Reason }>;
  /** Facts that give somebody a right, or tell of its use: they count when the run that wrote them has signed them too. */
  readonly gives?: (fact: Note | Began<Step> | Ended<Step>) => boolean;
  /** The ARN that calls. */
  sessionOf(snapshot: Snapshot): string;
}

export interface EngineWorld {
  readonly vault: Vault;
  readonly time: ServerTime;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly by: RunFacts;
  readonly recorder?: ChangeRecorder;
  readonly cancelled?: AbortSignal;
  /** Takes every known secret out of a text: errors of others go into journal and reports. */
  readonly clean: (text: string) => string;
  /** Hears what happens, in words without secrets. */
  readonly tell?: (line: string) => void;
}

export interface RunEnd {
  readonly outcome: 'rotated' | 'in-progress' | 'not-due' | 'hold' | 'refused' | 'unknown' | 'failed';
  readonly reasons: readonly Reason[];
  readonly facts: readonly string[];
  readonly nextEligibleAt: number;
  readonly generation: number;
  /** Steps that this run took, by their words. */
  readonly taken: readonly string[];
  readonly road: readonly Station[];
}

/** How long a claim keeps others from acting. Longer than any call may take. */
export const LEASE = 5 * 60_000;
const LONGEST_SLEEP = 90_000; // a wait that is longer ends the run
const AWAKE = 10 * 60_000; // how much of a run may be slept in all
const STILL = 2_000; // how old a look may be after which nobody of us did anything
const MOST_MOVES = 400;
const MOST_REPEATS = 3; // of one step in a run: what does not stay done is somebody's to look at
const MOST_RACES = 3;
const MOST_UNKNOWN = 3;
const LATER = 15 * 60_000; // when to come back after something that nobody planned

/** Goes as far as it may, and says when the next run can go on. */
export async function rotate<
  Snapshot,
  Step extends { readonly do: string },
  Note extends { readonly kind: string },
>(credential: string, kind: Kind<Snapshot, Step, Note>, world: EngineWorld): Promise<RunEnd> {
  type F = Note | Began<Step> | Ended<Step>;
  const { vault, time, by, recorder } = world;
  const taken: string[] = [];
  let journal: Journal<F> = { credential, generation: 0, entries: [], head: null };
  let road: readonly Station[] = [];
  let slept = 0;
  let races = 0;
  let unknown = 0;
  let seen: Snapshot | undefined;
  let seenAt = 0;

  const end = (outcome: RunEnd['outcome'], at: number, more: Partial<RunEnd> = {}): RunEnd => ({
    outcome,
    reasons: [],
    facts: [],
    nextEligibleAt: at,
    generation: journal.generation,
    taken,
    road,
    ...more,
  });
  const signers = new Map<string, boolean>();
  const believed = async (read: Journal<F>): Promise<Journal<F>> => {
    const { gives } = kind;
    if (!recorder || !gives) return read;
    const signed = recorder.isSignedByItsWriter.bind(recorder);
    return asked(withDoubts(read, gives, signed, signers));
  };
  const write = async (fact: F): Promise<boolean> => {
    const written = await asked(append(vault, journal, { at: time.now(), by, fact }, recorder));
    if (written !== 'raced') journal = await believed(written);
    return written !== 'raced';
  };
  const reread = async (): Promise<void> => {
    journal = await believed(await asked(readJournal<F>(vault, credential, kind.readFact)));
  };
  /** Claims a step, takes it, and says how it ended. `false`: somebody else was faster. */
  const act = async (step: Step, session: string): Promise<Ending | false> => {
    const claimedAt = time.now();
    if (!(await write({ kind: 'began', step, session }))) return false;
    // Whoever found the claim and signed it does not believe it, and may act.
    const doubted = journal.entries.at(-1)?.doubted === true;
    // A claim that was long on its way may count as lapsed for others already.
    const answer: Ending =
      time.now() - claimedAt > LEASE / 2
        ? { answer: 'refused', said: 'the claim took too long to be written' }
        : doubted
          ? { answer: 'refused', said: 'another run signed the claim first' }
          : await kind
              .apply(step)
              .catch((cause: unknown) => ({ answer: 'unknown', said: wordsOf(cause) }) as const);
    const ending: Ending = { ...answer, ...(answer.said && { said: world.clean(answer.said) }) };
    taken.push(`${sayStep(step)}: ${ending.answer}`);
    world.tell?.(taken.at(-1) ?? '');
    if (!(await write({ kind: 'ended', step, ...ending }))) await reread();
    return ending;
  };

  try {
    if (recorder) await asked(recorder.catchUp(credential));
    await reread();
    for (let moves = 0; moves < MOST_MOVES; moves += 1) {
      if (world.cancelled?.aborted) return end('in-progress', time.now());
      // a note changes nothing outside of the journal: what was seen a moment ago is still to be seen
      if (seen === undefined || time.now() - seenAt > STILL) {
        seen = await asked(kind.observe(journal));
        seenAt = time.now();
      }
      const now = time.now();
      const plan = kind.plan(seen, journal, now);
      const { next } = plan;
      road = plan.road;
      if (next.kind === 'hold')
        return end('hold', now + LATER, { reasons: [next.reason], facts: next.facts });
      if (next.kind === 'refuse') return end('refused', now + LATER, { reasons: next.reasons });
      if (next.kind === 'rest') return end('not-due', next.dueAt, { facts: next.facts ?? [] });
      if (next.kind === 'wait') {
        const left = next.until - now;
        if (left > LONGEST_SLEEP || slept + left > AWAKE)
          return end('in-progress', next.until, { facts: [next.why] });
        slept += left;
        await world.sleep(left);
        seen = undefined;
        continue;
      }
      let mine = true;
      const looked = seen;
      seen = undefined;
      if (next.kind === 'note') {
        mine = await write(next.note);
        if (mine && next.note.kind !== 'ended') seen = looked;
        if (mine && next.note.kind === 'closed') return end('rotated', now);
      } else if (next.kind === 'prove') {
        const proof = await asked(kind.prove(next.version));
        if ('failed' in proof) return end('failed', time.now() + LATER, { reasons: [proof.failed] });
        mine = await write(proof.note);
      } else {
        const ending = await act(next.step, kind.sessionOf(looked));
        mine = ending !== false;
        if (ending && ending.answer === 'refused')
          return end('failed', time.now() + LATER, {
            facts: [`${sayStep(next.step)}: ${ending.said ?? 'refused'}`],
          });
        const repeated = taken.filter((one) => one === `${sayStep(next.step)}: done`).length;
        if (repeated >= MOST_REPEATS) return end('failed', time.now() + LATER, { facts: taken });
        if (ending && ending.answer === 'unknown') unknown += 1;
        if (unknown >= MOST_UNKNOWN) return end('unknown', time.now() + LATER, { facts: taken });
      }
      if (mine) continue;
      races += 1;
      if (races >= MOST_RACES)
        return end('in-progress', time.now() + LEASE, { facts: ['another run is at work'] });
      await reread();
    }
    return end('in-progress', time.now());
  } catch (cause) {
    if (!(cause instanceof Unanswered)) throw cause;
    return end('unknown', timeOr(time, 0) + LATER, { facts: [world.clean(cause.message)] });
  }
}

/** Somebody outside could not be asked, or gave no answer that can be relied on. */
class Unanswered extends Error {}

/** A journal that is broken, and our own mistakes in planning, are no such thing: they are thrown as they are. */
async function asked<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (cause) {
    if (cause instanceof Failure && cause.code === failures.journalBroken.code) throw cause;
    throw new Unanswered(wordsOf(cause), { cause });
  }
}

/** `stage github:acme/orders B`. */
function sayStep(step: { readonly do: string }): string {
  return Object.values(step)
    .filter((part) => typeof part === 'string')
    .join(' ');
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'something failed that says nothing of itself';
}

function timeOr(time: ServerTime, otherwise: number): number {
  try {
    return time.now();
  } catch {
    return otherwise;
  }
}
