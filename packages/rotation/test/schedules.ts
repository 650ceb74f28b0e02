import { hash } from 'node:crypto';
import { serialize } from 'node:v8';
import { MINUTE } from '@tenant-delivery/domain';
import type { RunEnd } from '../src/engine.ts';

/** What a world says of a call that its adapter is about to make. */
export interface Call {
  readonly name: string;
  readonly mutates: boolean;
}

/**
 * Hears of every call before and after it takes effect. `fail`, `forget`, `refuse`: no answer and no effect, no answer
 * but the effect, the server's refusal.
 */
export interface Gate {
  before(call: Call): Promise<'go' | 'fail' | 'forget' | 'refuse'>;
  after(call: Call): Promise<void>;
}

/** Troubles that every kind knows. After `crash-soon` the next run comes within a minute. */
export type UsualTrouble =
  | 'crash-before'
  | 'crash-after'
  | 'crash-soon'
  | 'race'
  | 'fail'
  | 'forget'
  | 'refuse';

export const CRASHES = ['crash-before', 'crash-after'] as const;
/** The process lives on, so that its run is played again up to there. */
const LIVE: readonly string[] = ['race', 'fail', 'forget', 'refuse'];

/** A kind of credential in a world that can be copied, and what must be true of it. The state is plain data, and all of it. */
export interface Stage<State extends { now: number }, Trouble extends string> {
  begin(): State;
  clone(state: State): State;
  /** Lets the time of the world go on: what is due by then happens. */
  advance(state: State, to: number): void;
  /** One run of the engine, as far as it may go. */
  run(state: State, gate: Gate): Promise<RunEnd>;
  /** What somebody else does meanwhile; a trouble that every kind knows needs nothing here. */
  meddle?(state: State, trouble: Trouble | UsualTrouble): void;
  /** Troubles after which a hold is right. */
  readonly meddling?: readonly Trouble[];
  /** The person who was asked to look takes back what was done, or does what was asked for. */
  heal?(state: State): void;
  /** What was seen that must never be. */
  violations(state: State): readonly string[];
  /** What must be true after the end. */
  judgeEnd(state: State): readonly string[];
  /** What must be true however it ended. */
  judgeRecord?(state: State): readonly string[];
}

export interface Told {
  /** Schedules that were played to their end. */
  readonly schedules: number;
  /** Schedules that came to where another one had been, and end as it did. */
  readonly alike: number;
  /** Schedules that wait for somebody, rightly: an administrator was at work. */
  readonly held: number;
  /** Schedules in which something that must never be was seen. */
  readonly bad: number;
  readonly violations: readonly string[];
  /** The most runs that a schedule needed. */
  readonly runs: number;
}

/** Among the branches off one schedule, by their place among them. */
export type Pick = (index: number, depth: number) => boolean;

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };
type Tally = Mutable<Told> & { violations: string[] };

interface Branch<State> {
  readonly state: State;
  readonly trouble: string;
  /** The call of the run, counted among those that change something. */
  readonly nth: number;
  readonly runs: number;
}

interface Player<State extends { now: number }, Trouble extends string> {
  readonly stage: Stage<State, Trouble>;
  readonly troubles: readonly (readonly (Trouble | UsualTrouble)[])[];
  readonly tally: Tally;
  readonly pick: Pick;
  /** Where schedules went on from. */
  readonly been: Set<string>;
}

const MOST_RUNS = 60;
const LATER = 40 * MINUTE; // the schedule of the workflow
const SOON = MINUTE;

/**
 * Plays the whole rotation without trouble, then with the first trouble at every call that changes something, then with
 * the second at every such call after it. A schedule begins where its last trouble hits, on a copy of the world as it was. A
 * process that dies after one call, or before the next, often leaves the same world: from there one schedule is played for both.
 */
export async function playSchedules<State extends { now: number }, Trouble extends string>(
  stage: Stage<State, Trouble>,
  troubles: readonly (readonly (Trouble | UsualTrouble)[])[],
  pick: Pick = () => true,
): Promise<Told> {
  const tally: Tally = { schedules: 0, alike: 0, held: 0, bad: 0, violations: [], runs: 0 };
  await play({ stage, troubles, tally, pick, been: new Set() }, stage.begin(), [], 0, 0);
  return tally;
}

/** One schedule to its end, and all that branch off it. */
async function play<State extends { now: number }, Trouble extends string>(
  player: Player<State, Trouble>,
  state: State,
  path: readonly string[],
  runsBefore: number,
  wait: number,
): Promise<void> {
  const { stage, troubles, pick, tally } = player;
  const meddled = path.some((said) => stage.meddling?.some((kind) => said.startsWith(kind)));
  if (joinsAnother(player, [state, path.length, meddled, runsBefore, wait])) return;
  const kinds = troubles[path.length] ?? [];
  const live = kinds.filter((kind) => LIVE.includes(kind));
  const dead = kinds.filter((kind) => !LIVE.includes(kind));
  const branches: Branch<State>[] = [];
  let end: RunEnd | undefined;
  let runs = runsBefore;
  let pause = wait;
  let healed = false;
  while (runs < MOST_RUNS) {
    stage.advance(state, Math.max(end?.nextEligibleAt ?? 0, state.now + pause));
    pause = LATER;
    runs += 1;
    const begin = live.length > 0 ? stage.clone(state) : undefined;
    let calls = 0;
    const branch = (after: boolean) => {
      for (const trouble of dead)
        if ((trouble === 'crash-after' || trouble === 'crash-soon') === after)
          branches.push({ state: stage.clone(state), trouble, nth: calls, runs });
    };
    end = await stage.run(state, {
      before: async ({ mutates }) => {
        if (mutates) branch(false);
        return 'go';
      },
      after: async ({ mutates }) => {
        if (!mutates) return;
        branch(true);
        calls += 1;
      },
    });
    if (begin)
      for (let nth = 0; nth < calls; nth += 1)
        for (const trouble of live) branches.push({ state: begin, trouble, nth, runs });
    if (end.outcome === 'hold' && meddled && !healed) {
      healed = true;
      stage.heal?.(state);
    } else if (isOver(end) || stage.violations(state).length > 0) break;
  }
  if (healed) tally.held += 1;
  conclude(player, state, path, end, runs);
  for (const [index, one] of branches.entries())
    if (pick(index, path.length)) await branchOff(player, one, path);
}

/** Whether another schedule went on from just here. From here on this one is the same. */
function joinsAnother(
  { been, tally }: { readonly been: Set<string>; readonly tally: Tally },
  here: readonly unknown[],
): boolean {
  const digest = hash('sha256', serialize(here));
  const joins = been.has(digest);
  been.add(digest);
  if (joins) tally.alike += 1;
  return joins;
}

function isOver(end: RunEnd): boolean {
  return ['rotated', 'not-due', 'hold'].includes(end.outcome);
}

async function branchOff<State extends { now: number }, Trouble extends string>(
  player: Player<State, Trouble>,
  { state: begin, trouble, nth, runs }: Branch<State>,
  path: readonly string[],
): Promise<void> {
  const { stage } = player;
  const lives = LIVE.includes(trouble);
  const state = lives ? stage.clone(begin) : begin;
  const said = [...path, `${trouble} at ${nth} of run ${runs}`];
  stage.meddle?.(state, trouble as Trouble | UsualTrouble); // branches are made of the troubles that were given
  if (lives) {
    const end = await liveThrough(stage, state, trouble, nth);
    if (end.outcome === 'rotated' || stage.violations(state).length > 0)
      return conclude(player, state, said, end, runs);
  }
  await play(player, state, said, runs, trouble === 'crash-soon' || trouble === 'race' ? SOON : LATER);
}

/** The run again, with its trouble at the `nth` call that changes something. */
async function liveThrough<State extends { now: number }, Trouble extends string>(
  stage: Stage<State, Trouble>,
  state: State,
  trouble: string,
  nth: number,
): Promise<RunEnd> {
  let calls = 0;
  return stage.run(state, {
    before: async ({ mutates }) => {
      if (!mutates || calls !== nth) return 'go';
      if (trouble === 'race') await stage.run(state, UNTROUBLED);
      return trouble === 'fail' || trouble === 'forget' || trouble === 'refuse' ? trouble : 'go';
    },
    after: async ({ mutates }) => {
      if (mutates) calls += 1;
    },
  });
}

const UNTROUBLED: Gate = { before: async () => 'go', after: async () => {} };

/** What must be true at the end of every schedule. */
function conclude<State extends { now: number }, Trouble extends string>(
  { stage, tally }: Player<State, Trouble>,
  state: State,
  path: readonly string[],
  end: RunEnd | undefined,
  runs: number,
): void {
  const says = [...stage.violations(state)];
  tally.schedules += 1;
  tally.runs = Math.max(tally.runs, runs);
  // not due: the run that closed the generation died before it could say so
  if (end?.outcome === 'rotated' || end?.outcome === 'not-due') says.push(...stage.judgeEnd(state));
  else if (says.length === 0)
    says.push(`no end after ${runs} runs: ${JSON.stringify([end?.outcome, end?.reasons, end?.facts])}`);
  says.push(...(stage.judgeRecord?.(state) ?? []));
  if (says.length > 0) tally.bad += 1;
  tally.violations.push(...says.map((said) => `${path.join(', ') || 'no trouble'}: ${said}`));
}
