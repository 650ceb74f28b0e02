import type { Vault } from '@tenant-delivery/vault/ports';
import { asked, nowOr, Unanswered, wordsOf } from './asked.ts';
import { withDoubts } from './doubts.ts';
import { append, type Journal, readJournal } from './journal.ts';
import type { Began, Ended, Ending, RunFacts } from './journal-entry.ts';
import type { Kind, Seen } from './kind.ts';
import { LEASE } from './lease.ts';
import type { Move, Reason, Station } from './plan.ts';
import type { ChangeRecorder, ServerTime } from './ports.ts';
import { sayStep } from './steps-taken.ts';

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

const LONGEST_SLEEP = 90_000; // a wait that is longer ends the run
const AWAKE = 10 * 60_000; // how much of a run may be slept in all
const STILL = 2_000; // how old a look may be if no run has acted since
const MOST_MOVES = 400;
const MOST_REPEATS = 3; // of one step in a run: if it does not stay done, a person has to look
const MOST_RACES = 3;
const MOST_UNKNOWN = 3;
const LATER = 15 * 60_000; // when to come back after something that nobody planned

/** Goes as far as it may, and says when the next run can go on. */
export async function rotate<
  Snapshot extends Seen,
  Step extends { readonly do: string },
  Note extends { readonly kind: string },
>(credential: string, kind: Kind<Snapshot, Step, Note>, world: EngineWorld): Promise<RunEnd> {
  const run = new Run(credential, kind, world);
  try {
    await run.begin();
    return await run.go();
  } catch (cause) {
    if (!(cause instanceof Unanswered)) throw cause;
    return run.end('unknown', nowOr(world.time, 0) + LATER, { facts: [world.clean(cause.message)] });
  }
}

/** One run of the engine: what it has read, what it saw last, and what it did. */
class Run<
  Snapshot extends Seen,
  Step extends { readonly do: string },
  Note extends { readonly kind: string },
> {
  readonly #credential: string;
  readonly #kind: Kind<Snapshot, Step, Note>;
  readonly #world: EngineWorld;
  readonly #taken: string[] = [];
  readonly #signers = new Map<string, boolean>();
  #journal: Journal<Note | Began<Step> | Ended<Step>>;
  #road: readonly Station[] = [];
  #seen: Snapshot | undefined;
  #seenAt = 0;
  #slept = 0;
  #races = 0;
  #unknown = 0;

  constructor(credential: string, kind: Kind<Snapshot, Step, Note>, world: EngineWorld) {
    this.#credential = credential;
    this.#kind = kind;
    this.#world = world;
    this.#journal = { credential, generation: 0, entries: [], head: null };
  }

  end(outcome: RunEnd['outcome'], at: number, more: Partial<RunEnd> = {}): RunEnd {
    return {
      outcome,
      reasons: [],
      facts: [],
      nextEligibleAt: at,
      generation: this.#journal.generation,
      taken: this.#taken,
      road: this.#road,
      ...more,
    };
  }

  async begin(): Promise<void> {
    const { recorder } = this.#world;
    if (recorder) await asked(recorder.catchUp(this.#credential));
    await this.#reread();
  }

  async go(): Promise<RunEnd> {
    const { time, cancelled } = this.#world;
    for (let moves = 0; moves < MOST_MOVES; moves += 1) {
      if (cancelled?.aborted) return this.end('in-progress', time.now());
      const seen = await this.#look();
      const now = time.now();
      const { next, road } = this.#kind.plan(seen, this.#journal, now);
      this.#road = road;
      const end = await this.#follow(next, seen, now);
      if (end) return end;
    }
    return this.end('in-progress', time.now());
  }

  /**
   * Looks, unless the last look is fresh and the run has only written notes since: they change nothing outside the
   * journal.
   */
  async #look(): Promise<Snapshot> {
    const { time } = this.#world;
    if (this.#seen === undefined || time.now() - this.#seenAt > STILL) {
      this.#seen = await asked(this.#kind.observe(this.#journal));
      this.#seenAt = time.now();
    }
    return this.#seen;
  }

  /** Does what comes next. `undefined`: the run goes on. */
  async #follow(next: Move<Step, Note>, seen: Snapshot, now: number): Promise<RunEnd | undefined> {
    switch (next.kind) {
      case 'hold':
        return this.end('hold', now + LATER, { reasons: [next.reason], facts: next.facts });
      case 'refuse':
        return this.end('refused', now + LATER, { reasons: next.reasons });
      case 'rest':
        return this.end('not-due', next.dueAt, { facts: next.facts ?? [] });
      case 'wait':
        return this.#wait(next.until, next.why, now);
    }
    this.#seen = undefined;
    if (next.kind === 'note') return this.#note(next.note, seen, now);
    if (next.kind === 'prove') return this.#prove(next.version);
    return this.#act(next.step, seen.caller.arn);
  }

  async #wait(until: number, why: string, now: number): Promise<RunEnd | undefined> {
    const left = until - now;
    if (left > LONGEST_SLEEP || this.#slept + left > AWAKE)
      return this.end('in-progress', until, { facts: [why] });
    this.#slept += left;
    await this.#world.sleep(left);
    this.#seen = undefined;
    return undefined;
  }

  async #note(note: Note | Ended<Step>, seen: Snapshot, now: number): Promise<RunEnd | undefined> {
    if (!(await this.#write(note))) return this.#overtaken();
    if (note.kind !== 'ended') this.#seen = seen;
    return note.kind === 'closed' ? this.end('rotated', now) : undefined;
  }

  async #prove(version: string): Promise<RunEnd | undefined> {
    const proof = await asked(this.#kind.prove(version));
    if ('failed' in proof)
      return this.end('failed', this.#world.time.now() + LATER, { reasons: [proof.failed] });
    return (await this.#write(proof.note)) ? undefined : this.#overtaken();
  }

  async #act(step: Step, session: string): Promise<RunEnd | undefined> {
    const ending = await this.#take(step, session);
    if (!ending) return this.#overtaken();
    const later = this.#world.time.now() + LATER;
    if (ending.answer === 'refused')
      return this.end('failed', later, { facts: [`${sayStep(step)}: ${ending.said ?? 'refused'}`] });
    const repeated = this.#taken.filter((one) => one === `${sayStep(step)}: done`).length;
    if (repeated >= MOST_REPEATS) return this.end('failed', later, { facts: this.#taken });
    if (ending.answer === 'unknown') this.#unknown += 1;
    return this.#unknown >= MOST_UNKNOWN ? this.end('unknown', later, { facts: this.#taken }) : undefined;
  }

  /** Claims a step, takes it, and says how it ended. `false`: somebody else was faster. */
  async #take(step: Step, session: string): Promise<Ending | false> {
    const { time, clean, tell } = this.#world;
    const claimedAt = time.now();
    if (!(await this.#write({ kind: 'began', step, session }))) return false;
    const late = time.now() - claimedAt > LEASE / 2;
    const unanswered = (cause: unknown) => ({ answer: 'unknown', said: wordsOf(cause) }) as const;
    const answer: Ending = this.#mayNotAct(late) ?? (await this.#kind.apply(step).catch(unanswered));
    const ending: Ending = { ...answer, ...(answer.said && { said: clean(answer.said) }) };
    this.#taken.push(`${sayStep(step)}: ${ending.answer}`);
    tell?.(this.#taken.at(-1) ?? '');
    if (!(await this.#write({ kind: 'ended', step, ...ending }))) await this.#reread();
    return ending;
  }

  /** Why the claim that was just written gives no right to act. */
  #mayNotAct(late: boolean): Ending | undefined {
    // If the claim took long to write, other runs may count it as lapsed already.
    if (late) return { answer: 'refused', said: 'the claim took too long to be written' };
    // Another run found the claim and signed it first: that run does not believe the claim, and may act.
    if (this.#journal.entries.at(-1)?.doubted)
      return { answer: 'refused', said: 'another run signed the claim first' };
    return undefined;
  }

  /** Another run wrote the entry that this one was about to write. */
  async #overtaken(): Promise<RunEnd | undefined> {
    this.#races += 1;
    if (this.#races >= MOST_RACES)
      return this.end('in-progress', this.#world.time.now() + LEASE, { facts: ['another run is at work'] });
    await this.#reread();
    return undefined;
  }

  async #write(fact: Note | Began<Step> | Ended<Step>): Promise<boolean> {
    const { vault, time, by, recorder } = this.#world;
    const written = await asked(append(vault, this.#journal, { at: time.now(), by, fact }, recorder));
    if (written !== 'raced') this.#journal = await this.#believed(written);
    return written !== 'raced';
  }

  async #reread(): Promise<void> {
    const read = await asked(readJournal(this.#world.vault, this.#credential, this.#kind.readFact));
    this.#journal = await this.#believed(read);
  }

  async #believed(
    read: Journal<Note | Began<Step> | Ended<Step>>,
  ): Promise<Journal<Note | Began<Step> | Ended<Step>>> {
    const { recorder } = this.#world;
    const { gives } = this.#kind;
    if (!recorder || !gives) return read;
    const signed = recorder.isSignedByItsWriter.bind(recorder);
    return asked(withDoubts(read, gives, signed, this.#signers));
  }
}
