import { DAY, HOUR, MINUTE, SECOND } from '@tenant-delivery/domain';

/*
 * A small IAM, Secrets Manager, CloudTrail and a few consumers in memory, with the rules that can disagree with a
 * rotation: two keys at most, keys that are valid and listed late, a last use that is recorded every 15 minutes, events
 * that arrive late, runs that hold what they read when they were queued. Time moves only when somebody moves it.
 */

export const ACCOUNT = '000000000042';
export const USER = `arn:aws:iam::${ACCOUNT}:user/td-rotatable/acme-ci`;

export interface Pair {
  readonly id: string;
  readonly secret: string;
}

export interface ModelKey extends Pair {
  /** Who made it: the user's key from before, this rotation, or somebody else. */
  readonly maker: 'before' | 'us' | 'stranger';
  active: boolean;
  inactiveSince: number;
  readonly createdAt: number;
  readonly validFrom: number;
  readonly listedFrom: number;
  /** IAM's lists tell a change of status late. */
  changedAt: number;
  /** The last use that IAM recorded, and the last one that there was. */
  recordedUse: number | undefined;
  realUse: number | undefined;
}

export interface ModelRun {
  readonly pair: Pair;
  readonly readAt: number;
  /** When it will use what it holds; it has ended after the last. */
  uses: number[];
}

export type ConsumerKind = 'slots' | 'pair' | 'secret' | 'people';

/** The place that a consumer reads before any rotation. */
export function firstPlace(kind: ConsumerKind): string {
  if (kind === 'slots') return 'A';
  return kind === 'people' ? 'old' : kind;
}

export interface ModelConsumer {
  readonly id: string;
  readonly kind: ConsumerKind;
  readonly cadence: number;
  slots: Record<string, { id: string; secret: string; mark: number }>;
  pointer: string;
  pointedAt: number;
  runs: ModelRun[];
  nextRunAt: number;
  proofs: Record<string, { answeredAt: number; place: string; outcome: string | undefined }>;
  /** When the people of the consumer install the key that they were told of. */
  installAt: number | undefined;
}

export interface ModelState {
  now: number;
  keys: ModelKey[];
  /** Deleted keys that are listed for a while yet. */
  ghosts: { readonly id: string; readonly createdAt: number; readonly until: number }[];
  made: number;
  marks: number;
  processes: number;
  trail: { keyId: string; by: string; at: number; deliveredAt: number }[];
  versions: Record<string, { pair: Pair; stages: string[] }>;
  consumers: ModelConsumer[];
  vault: Map<string, Uint8Array>;
  /** Somebody who was never declared as a consumer: holds the old pair, uses it now and then, and stops. */
  straggler: { pair: Pair; uses: number[] } | undefined;
  /** When the pair of escrow last worked, by id. */
  provedAt: Record<string, number>;
  deniedBefore: number | undefined;
  /** The old key is in wrong hands: its holder is cut off, and that is right. */
  leaked: boolean;
  /** What an administrator did: never changed, only replaced. */
  meddled: { readonly disabled?: string; readonly flipped: Readonly<Record<string, string>> };
  /** Fingers that touched what they should not have, and users who were left without a key. */
  violations: string[];
}

export function cloneState(state: ModelState): ModelState {
  return {
    ...state,
    keys: state.keys.map((key) => ({ ...key })),
    ghosts: [...state.ghosts],
    trail: [...state.trail],
    versions: Object.fromEntries(
      Object.entries(state.versions).map(([id, one]) => [id, { ...one, stages: [...one.stages] }]),
    ),
    consumers: state.consumers.map((consumer) => ({
      ...consumer,
      slots: Object.fromEntries(Object.entries(consumer.slots).map(([place, slot]) => [place, { ...slot }])),
      runs: consumer.runs.map((run) => ({ ...run, uses: [...run.uses] })),
      proofs: Object.fromEntries(Object.entries(consumer.proofs).map(([name, one]) => [name, { ...one }])),
    })),
    vault: new Map(state.vault),
    straggler: state.straggler && { ...state.straggler, uses: [...state.straggler.uses] },
    provedAt: { ...state.provedAt },
    violations: [...state.violations],
  };
}

/** Moves time on; people act when their time comes. */
export function advance(state: ModelState, until: number): void {
  for (let next = nextEvent(state); next <= until; next = nextEvent(state)) {
    state.now = Math.max(state.now, next);
    happen(state);
  }
  state.now = Math.max(state.now, until);
}

function nextEvent(state: ModelState): number {
  let next = state.straggler?.uses[0] ?? Number.POSITIVE_INFINITY;
  for (const { nextRunAt, runs, installAt } of state.consumers) {
    next = Math.min(next, nextRunAt, installAt ?? Number.POSITIVE_INFINITY);
    for (const { uses } of runs) next = Math.min(next, uses[0] ?? Number.POSITIVE_INFINITY);
  }
  return next;
}

function happen(state: ModelState): void {
  const { now, straggler } = state;
  while (straggler && (straggler.uses[0] ?? Number.POSITIVE_INFINITY) <= now) {
    straggler.uses.shift();
    use(state, straggler.pair, 'the undeclared user');
  }
  for (const consumer of state.consumers) {
    if ((consumer.installAt ?? Number.POSITIVE_INFINITY) <= now) install(state, consumer);
    if (consumer.nextRunAt <= now) {
      startRun(consumer, consumer.nextRunAt, [10 * SECOND, 40 * MINUTE, 2 * HOUR]);
      consumer.nextRunAt += consumer.cadence;
    }
    for (const run of consumer.runs) {
      while ((run.uses[0] ?? Number.POSITIVE_INFINITY) <= now) {
        run.uses.shift();
        use(state, run.pair, consumer.id);
      }
    }
    consumer.runs = consumer.runs.filter(({ uses }) => uses.length > 0);
  }
}

/** People take the key from where they were told that it is, and say so. */
function install(state: ModelState, consumer: ModelConsumer): void {
  consumer.installAt = undefined;
  consumer.pointer = 'new';
  for (const proof of Object.values(consumer.proofs))
    proof.answeredAt = Math.min(proof.answeredAt, state.now);
}

/** A run that reads what the consumer holds at this moment, and uses it at these times from now. */
export function startRun(consumer: ModelConsumer, now: number, after: readonly number[]): void {
  const slot = consumer.slots[consumer.pointer];
  if (!slot) return;
  consumer.runs.push({
    pair: { id: slot.id, secret: slot.secret },
    readAt: now,
    uses: after.map((milliseconds) => now + milliseconds),
  });
}

/** Whether a pair works now; who needs it and finds that it does not has an outage. */
function use(state: ModelState, pair: Pair, who: string): void {
  const why = brokenBecause(state, pair);
  if (why === 'disabled' && state.leaked && pair.id === keyId(0)) return;
  if (why) state.violations.push(`outage: ${who} found its key ${why}`);
  else recordUse(state, pair.id);
}

export function brokenBecause(state: ModelState, pair: Pair): string | undefined {
  const key = state.keys.find(({ id }) => id === pair.id);
  if (!key) return 'deleted';
  if (key.secret !== pair.secret) return 'torn: the id of one key and the secret of another';
  if (!key.active) return 'disabled';
  return state.now < key.validFrom ? 'not yet valid' : undefined;
}

export function recordUse(state: ModelState, keyId: string): void {
  const key = state.keys.find(({ id }) => id === keyId);
  if (!key) return;
  key.realUse = state.now;
  if (key.recordedUse === undefined || state.now - key.recordedUse >= 15 * MINUTE)
    key.recordedUse = state.now;
}

/** How a world begins, for one schedule or for many. */
export interface ModelSetting {
  readonly consumers: readonly {
    readonly id: string;
    readonly kind: ConsumerKind;
    readonly cadence: number;
  }[];
  /** A new key is not valid, and not listed, for this long. */
  readonly keyDelay: number;
  /** CloudTrail delivers after this long. */
  readonly trailDelay: number;
  readonly straggler?: readonly number[] | undefined;
  /** The user has no key yet. */
  readonly empty?: boolean;
  /** The user's key was never in escrow. */
  readonly unmanaged?: boolean;
}

/** How far IAM's lists are behind. */
export const LAG = 20 * SECOND;

export const START = Date.UTC(2026, 10, 24, 9, 0, 0);

export function openingState(setting: ModelSetting): ModelState {
  const old: ModelKey = {
    id: keyId(0),
    secret: secretOf(0),
    maker: 'before',
    active: true,
    inactiveSince: 0,
    createdAt: START - 61 * DAY,
    validFrom: 0,
    listedFrom: 0,
    changedAt: 0,
    recordedUse: START - HOUR,
    realUse: START - HOUR,
  };
  const pair = { id: old.id, secret: old.secret };
  return {
    now: START,
    keys: setting.empty ? [] : [old],
    ghosts: [],
    made: 1,
    marks: 1,
    processes: 0,
    trail: [],
    versions: setting.empty || setting.unmanaged ? {} : { first: { pair, stages: ['AWSCURRENT'] } },
    consumers: setting.consumers.map(({ id, kind, cadence }, index) => ({
      id,
      kind,
      cadence,
      slots: setting.empty ? {} : { [firstPlace(kind)]: { ...pair, mark: 0 } },
      pointer: firstPlace(kind),
      pointedAt: START - 61 * DAY,
      runs: [],
      nextRunAt: START + 7 * MINUTE + index * HOUR,
      proofs: {},
      installAt: undefined,
    })),
    vault: new Map(),
    straggler: setting.straggler && { pair, uses: setting.straggler.map((after) => START + after) },
    provedAt: {},
    deniedBefore: undefined,
    leaked: false,
    meddled: { flipped: {} },
    violations: [],
  };
}

export function keyId(number: number): string {
  return `AKIALOCAL${String(number).padStart(11, '0')}`;
}

/** As long as IAM's, with characters that URLs and JSON spell in their own ways. */
export function secretOf(number: number): string {
  return `s3cr+t/"${String(number).padStart(4, '0')}"${'wJalrXUtnFEMI/K7MDENG+bPxRfi'}`;
}

/** One consumer with slots, and delays as they are on most days. */
export const USUAL: ModelSetting = {
  consumers: [{ id: 'github:acme/legacy', kind: 'slots', cadence: 6 * HOUR }],
  keyDelay: 12 * SECOND,
  trailDelay: 10 * MINUTE,
};
