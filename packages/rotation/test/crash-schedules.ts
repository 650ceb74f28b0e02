import {
  type AccessKeyFact,
  type AccessKeyPolicy,
  accessKeyKind,
  DEFAULT_POLICY,
  formsOf,
  type Journal,
  type Kind,
  type Note,
  type RunEnd,
  rotate,
  type Snapshot,
  type Step,
} from '../src/index.ts';
import {
  ACCOUNT,
  advance,
  brokenBecause,
  cloneState,
  DAY,
  MINUTE,
  type ModelSetting,
  type ModelState,
  openingState,
} from './world/model-state.ts';
import { type Gate, makeKey, modelWorld } from './world/model-world.ts';

export const CREDENTIAL = 'ci-legacy';

/**
 * What goes wrong at one call. `crash-…`: the process is gone before, or right after, the call took effect; after
 * `crash-soon` the next run comes within a minute. `race`: a second run goes as far as it can while the call is on its
 * way. `leak`: the next runs are told that the old key has leaked. `fail`, `forget`, `refuse`: no answer and no effect, no answer but the effect, the server's refusal. The others
 * are an administrator: makes a key, disables the old one, turns the consumers to their other place, writes something
 * else where the new key was staged and has not been proven.
 */
export type Trouble =
  | 'crash-before'
  | 'crash-after'
  | 'crash-soon'
  | 'race'
  | 'fail'
  | 'forget'
  | 'refuse'
  | 'stranger'
  | 'disable-old'
  | 'flip'
  | 'leak'
  | 'scribble';

export const CRASHES: readonly Trouble[] = ['crash-before', 'crash-after'];
const MEDDLING: readonly Trouble[] = ['stranger', 'disable-old', 'flip'];
/** The process lives on, so that its run is played again up to there. */
const LIVE: readonly Trouble[] = ['race', 'fail', 'forget', 'refuse'];

export type AccessKeyKind = Kind<Snapshot, Step, Note>;

export interface Story {
  readonly setting: ModelSetting;
  readonly policy?: Partial<AccessKeyPolicy>;
  /** The old key is known to have leaked from the beginning. */
  readonly leaked?: boolean;
  /** What may go wrong first, and what after that. Each kind is tried at every call that changes something. */
  readonly troubles: readonly (readonly Trouble[])[];
  /** For the controls, which must fail: another plan than the one that is shipped. */
  readonly sabotage?: (kind: AccessKeyKind) => AccessKeyKind;
}

export interface Told {
  readonly schedules: number;
  /** Schedules that wait for somebody, rightly: an administrator was at work. */
  readonly held: number;
  /** Schedules in which something that must never be was seen. */
  readonly bad: number;
  readonly violations: readonly string[];
  /** The most runs that a schedule needed. */
  readonly runs: number;
}

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };
type Tally = Mutable<Told> & { violations: string[] };

interface Branch {
  readonly state: ModelState;
  readonly trouble: Trouble;
  /** The call of the run, counted among those that change something. */
  readonly nth: number;
  readonly runs: number;
}

const MOST_RUNS = 60;
const LATER = 40 * MINUTE; // the schedule of the workflow
const SOON = MINUTE;

/**
 * Plays a story: the whole rotation without trouble, then with the first trouble at every place, then with the second at
 * every place after it. A schedule begins where its last trouble hits, on a copy of the world as it was then. `pick`
 * chooses among the branches, by their place among all that branch off the same schedule.
 */
export async function playStory(
  story: Story,
  pick: (index: number, depth: number) => boolean = () => true,
): Promise<Told> {
  const tally: Tally = { schedules: 0, held: 0, bad: 0, violations: [], runs: 0 };
  const start = openingState(story.setting);
  start.leaked = story.leaked === true;
  await play({ story, tally, pick }, start, [], 0, 0);
  return tally;
}

interface Player {
  readonly story: Story;
  readonly tally: Tally;
  readonly pick: (index: number, depth: number) => boolean;
}

/** One schedule to its end, and all that branch off it. */
async function play(
  player: Player,
  state: ModelState,
  path: readonly string[],
  runsBefore: number,
  wait: number,
): Promise<void> {
  const { story, pick } = player;
  const kinds = story.troubles[path.length] ?? [];
  const live = kinds.filter((kind) => LIVE.includes(kind));
  const dead = kinds.filter((kind) => !LIVE.includes(kind));
  const branches: Branch[] = [];
  let end: RunEnd | undefined;
  let runs = runsBefore;
  let pause = wait;
  const meddled = path.some((said) => MEDDLING.some((kind) => said.startsWith(kind)));
  let healed = false;
  while (runs < MOST_RUNS) {
    advance(state, Math.max(end?.nextEligibleAt ?? 0, state.now + pause));
    pause = LATER;
    runs += 1;
    const begin = live.length > 0 ? cloneState(state) : undefined;
    let calls = 0;
    const branch = (after: boolean) => {
      for (const trouble of dead)
        if ((trouble === 'crash-after' || trouble === 'crash-soon') === after)
          branches.push({ state: cloneState(state), trouble, nth: calls, runs });
    };
    end = await runOnce(story, state, {
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
      heal(state);
    } else if (isOver(end, state)) break;
  }
  if (healed) player.tally.held += 1;
  conclude(player.tally, state, path, end, runs);
  for (const [index, one] of branches.entries())
    if (pick(index, path.length)) await branchOff(player, one, path);
}

function isOver(end: RunEnd, state: ModelState): boolean {
  return ['rotated', 'not-due', 'hold'].includes(end.outcome) || state.violations.length > 0;
}

async function branchOff(
  player: Player,
  { state: begin, trouble, nth, runs }: Branch,
  path: readonly string[],
): Promise<void> {
  const { story } = player;
  const state = LIVE.includes(trouble) ? cloneState(begin) : begin;
  const said = [...path, `${trouble} at ${nth} of run ${runs}`];
  meddle(story, state, trouble);
  if (LIVE.includes(trouble)) {
    const end = await liveThrough(story, state, trouble, nth);
    if (end.outcome === 'rotated' || state.violations.length > 0)
      return conclude(player.tally, state, said, end, runs);
  }
  await play(player, state, said, runs, trouble === 'crash-soon' || trouble === 'race' ? SOON : LATER);
}

/** What an administrator does meanwhile. */
function meddle({ setting }: Story, state: ModelState, trouble: Trouble): void {
  if (trouble === 'stranger' && state.keys.length < 2)
    makeKey(state, setting, `arn:aws:iam::${ACCOUNT}:user/somebody`, 'stranger');
  if (trouble === 'leak') state.leaked = true;
  const old = state.keys.find(({ maker }) => maker === 'before');
  // an administrator who takes away what is in use makes the outage, not we
  if (trouble === 'disable-old' && old?.active && !isHeld(state, old.id)) {
    old.active = false;
    old.inactiveSince = state.now;
    state.meddled = { ...state.meddled, disabled: old.id };
  }
  if (trouble === 'scribble') scribble(state);
  if (trouble === 'flip' && old && state.keys.length > 1)
    // a place that is half written yet would be the administrator's own outage
    for (const consumer of state.consumers)
      if (consumer.slots['A']?.id && consumer.slots['B']?.id && old.active) {
        const flipped = { ...state.meddled.flipped, [consumer.id]: consumer.pointer };
        state.meddled = { ...state.meddled, flipped };
        consumer.pointer = consumer.pointer === 'A' ? 'B' : 'A';
      }
}

function scribble(state: ModelState): void {
  for (const { slots, pointer, proofs } of state.consumers) {
    const proven = Object.values(proofs).some(({ answeredAt }) => answeredAt <= state.now);
    const idle = slots[pointer === 'A' ? 'B' : 'A'];
    if (!idle?.id || proven) continue;
    state.marks += 1;
    Object.assign(idle, { id: 'AKIASOMETHINGELSE', secret: 'something else', mark: state.marks });
  }
}

/** Whoever was asked to look takes back what was done. */
function heal(state: ModelState): void {
  state.keys = state.keys.filter(({ maker }) => maker !== 'stranger');
  for (const key of state.keys) if (key.id === state.meddled.disabled) key.active = true;
  for (const consumer of state.consumers)
    consumer.pointer = state.meddled.flipped[consumer.id] ?? consumer.pointer;
}

function isHeld({ consumers }: ModelState, keyId: string): boolean {
  return consumers.some(
    ({ slots, pointer, runs }) => slots[pointer]?.id === keyId || runs.some(({ pair }) => pair.id === keyId),
  );
}

/** The run again, with its trouble at the `nth` call that changes something. */
async function liveThrough(story: Story, state: ModelState, trouble: Trouble, nth: number): Promise<RunEnd> {
  let calls = 0;
  return runOnce(story, state, {
    before: async ({ mutates }) => {
      if (!mutates || calls !== nth) return 'go';
      if (trouble === 'race') await runOnce(story, state, UNTROUBLED);
      return trouble === 'fail' || trouble === 'forget' || trouble === 'refuse' ? trouble : 'go';
    },
    after: async ({ mutates }) => {
      if (mutates) calls += 1;
    },
  });
}

const UNTROUBLED: Gate = { before: async () => 'go', after: async () => {} };

async function runOnce(story: Story, state: ModelState, gate: Gate): Promise<RunEnd> {
  state.processes += 1;
  const process = `p${state.processes}`;
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/td-rotate-iam/td-acme-prod-${process}`;
  const { world, vault, clean } = modelWorld(state, story.setting, gate, session);
  const time = { now: () => state.now };
  const sleep = async (milliseconds: number) => advance(state, state.now + milliseconds);
  const told = [...state.vault.values()].some((bytes) => Buffer.from(bytes).includes('compromise'));
  const wish = state.leaked && !told ? ({ wish: 'compromise' } as const) : {};
  const policy = { ...DEFAULT_POLICY, probeEvery: 3 * DAY, ...story.policy, ...wish };
  const kind = accessKeyKind(world, policy, { time, sleep, process });
  const by = { run: process, attempt: 1, actor: 'schedule', commit: 'c0ffee', process };
  return rotate(CREDENTIAL, story.sabotage?.(kind) ?? kind, { vault, time, sleep, by, clean });
}

/** What must be true at the end of every schedule. */
function conclude(
  tally: Tally,
  state: ModelState,
  path: readonly string[],
  end: RunEnd | undefined,
  runs: number,
): void {
  const says = [...state.violations];
  tally.schedules += 1;
  tally.runs = Math.max(tally.runs, runs);
  // not due: the run that closed the generation died before it could say so
  if (end?.outcome === 'rotated' || end?.outcome === 'not-due') says.push(...judgeEnd(state));
  else if (says.length === 0)
    says.push(`no end after ${runs} runs: ${JSON.stringify([end?.outcome, end?.reasons, end?.facts])}`);
  says.push(...judgeRecord(state));
  if (says.length > 0) tally.bad += 1;
  tally.violations.push(...says.map((said) => `${path.join(', ') || 'no trouble'}: ${said}`));
}

function judgeEnd(state: ModelState): readonly string[] {
  const says: string[] = [];
  const [key, second] = state.keys.filter(({ maker }) => maker !== 'stranger');
  if (!key || second || !key.active || key.maker !== 'us') says.push('the user has not the new key alone');
  const current = Object.values(state.versions).find(({ stages }) => stages.includes('AWSCURRENT'));
  if (current?.pair.id !== key?.id) says.push('escrow does not have the key as its current one');
  for (const { id, slots, pointer } of state.consumers) {
    const pair = slots[pointer];
    if (!pair || pair.id !== key?.id || brokenBecause(state, pair)) says.push(`${id} has not the new key`);
  }
  return says;
}

/** I5: what was written down has no secret in it, in no form. */
function judgeRecord({ vault, keys, versions }: ModelState): readonly string[] {
  const written = [...vault.values()].map((bytes) => Buffer.from(bytes).toString()).join('\n');
  const pairs = [...keys, ...Object.values(versions).map(({ pair }) => pair)];
  const seen = pairs.some(({ secret }) => formsOf(secret).some((form) => written.includes(form)));
  return seen ? ['I5: a secret is in the journal'] : [];
}

/** The controls: plans that leave out one of the reasons for which the shipped one waits or asks. */
export const CONTROLS = {
  'no drain': (kind: AccessKeyKind) =>
    planning(kind, (seen, journal) => [
      {
        ...seen,
        keys: seen.keys.map((key) => ({ ...key, lastUse: 'never' })),
        consumers: seen.consumers.map((one) => ({ ...one, holders: { count: 0, examples: [] } })),
      },
      longAgo(journal, ['point', 'promote']),
    ]),
  'no grace': (kind: AccessKeyKind) =>
    planning(kind, (seen, journal) => [seen, longAgo(journal, ['disable'])]),
  'orphan without attribution': (kind: AccessKeyKind) =>
    planning(kind, (seen, journal) => {
      const begun = journal.entries.findLast(
        ({ fact }) => fact.kind === 'began' && fact.step.do === 'create',
      );
      if (begun?.fact.kind !== 'began') return [seen, journal];
      const ours = { by: begun.fact.session, at: Date.parse(begun.at), sourceAddress: '' };
      const creations = Object.fromEntries(seen.keys.map(({ fingerprint }) => [fingerprint, ours]));
      return [{ ...seen, creations }, journal];
    }),
} as const;

type Facts = Journal<AccessKeyFact>;

function planning(
  kind: AccessKeyKind,
  mislead: (seen: Snapshot, journal: Facts) => readonly [Snapshot, Facts],
): AccessKeyKind {
  return { ...kind, plan: (seen, journal, now) => kind.plan(...mislead(seen, journal), now) };
}

function longAgo(journal: Facts, steps: readonly Step['do'][]): Facts {
  const entries = journal.entries.map((entry) => {
    const done = entry.fact.kind === 'ended' && steps.includes(entry.fact.step.do);
    return done ? { ...entry, at: new Date(Date.parse(entry.at) - 40 * DAY).toISOString() } : entry;
  });
  return { ...journal, entries };
}
