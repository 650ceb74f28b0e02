import { DAY } from '@tenant-delivery/domain';
import { type RunEnd, rotate } from '@tenant-delivery/rotation/engine';
import type { Journal } from '@tenant-delivery/rotation/journal';
import type { Kind } from '@tenant-delivery/rotation/kind';
import { formsOf } from '@tenant-delivery/rotation/secret';
import {
  type Gate,
  type Pick,
  playSchedules,
  type Stage,
  type Told,
  type UsualTrouble,
} from '@tenant-delivery/rotation/test/schedules';
import { leakWish, modelRun } from '@tenant-delivery/rotation/test/world/model-run';
import type { IamAccessKeyFact, Note, Step } from '../../src/iam-access-key/facts.ts';
import { iamAccessKeyKind } from '../../src/iam-access-key/kind.ts';
import { DEFAULT_POLICY, type IamAccessKeyPolicy } from '../../src/iam-access-key/policy.ts';
import type { Snapshot } from '../../src/iam-access-key/snapshot.ts';
import {
  ACCOUNT,
  advance,
  brokenBecause,
  cloneState,
  type ModelSetting,
  type ModelState,
  openingState,
} from './model-state.ts';
import { makeKey, modelWorld } from './model-world.ts';

const CREDENTIAL = 'ci-legacy';

/**
 * What an administrator does: makes a key, disables the old one, turns the consumers to their other place, writes
 * something else where the new key was staged and has not been proven. `leak`: the next runs are told that the old key
 * has leaked.
 */
export type Meddling = 'stranger' | 'disable-old' | 'flip' | 'leak' | 'scribble';
export type Trouble = Meddling | UsualTrouble;

export type IamAccessKeyKind = Kind<Snapshot, Step, Note>;

export interface Story {
  readonly setting: ModelSetting;
  readonly policy?: Partial<IamAccessKeyPolicy>;
  /** The old key is known to have leaked from the beginning. */
  readonly leaked?: boolean;
  /** What may go wrong first, and what after that. Each kind is tried at every call that changes something. */
  readonly troubles: readonly (readonly Trouble[])[];
  /** For the controls, which must fail: another plan than the one that is shipped. */
  readonly sabotage?: (kind: IamAccessKeyKind) => IamAccessKeyKind;
  /** What the harness must say of it; whatever is bad when absent. */
  readonly says?: string;
}

export function playStory(story: Story, pick?: Pick): Promise<Told> {
  return playSchedules(stageOf(story), story.troubles, pick);
}

function stageOf(story: Story): Stage<ModelState, Meddling> {
  return {
    begin: () => {
      const start = openingState(story.setting);
      start.leaked = story.leaked === true;
      return start;
    },
    clone: cloneState,
    advance,
    run: (state, gate) => runOnce(story, state, gate),
    meddle: (state, trouble) => meddle(story, state, trouble),
    meddling: ['stranger', 'disable-old', 'flip'],
    heal,
    violations: ({ violations }) => violations,
    judgeEnd,
    judgeRecord,
  };
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

/** The person who was asked to look takes back what was done. */
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

async function runOnce(story: Story, state: ModelState, gate: Gate): Promise<RunEnd> {
  const { process, time, sleep, by } = modelRun(state, advance);
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/td-rotate-iam/td-acme-prod-${process}`;
  const { world, vault, clean } = modelWorld(state, story.setting, gate, session);
  const wish = leakWish(state.leaked, state.vault);
  const policy = { ...DEFAULT_POLICY, probeEvery: 3 * DAY, ...story.policy, ...wish };
  const kind = iamAccessKeyKind(world, policy, { time, sleep, process });
  return rotate(CREDENTIAL, story.sabotage?.(kind) ?? kind, { vault, time, sleep, by, clean });
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
  'no drain': (kind: IamAccessKeyKind) =>
    planning(kind, (seen, journal) => [
      {
        ...seen,
        keys: seen.keys.map((key) => ({ ...key, lastUse: 'never' })),
        consumers: seen.consumers.map((one) => ({ ...one, holders: { count: 0, examples: [] } })),
      },
      longAgo(journal, ['point', 'promote']),
    ]),
  'no grace': (kind: IamAccessKeyKind) =>
    planning(kind, (seen, journal) => [seen, longAgo(journal, ['disable'])]),
  'orphan without attribution': (kind: IamAccessKeyKind) =>
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

type Facts = Journal<IamAccessKeyFact>;

function planning(
  kind: IamAccessKeyKind,
  mislead: (seen: Snapshot, journal: Facts) => readonly [Snapshot, Facts],
): IamAccessKeyKind {
  return { ...kind, plan: (seen, journal, now) => kind.plan(...mislead(seen, journal), now) };
}

function longAgo(journal: Facts, steps: readonly Step['do'][]): Facts {
  const entries = journal.entries.map((entry) => {
    const done = entry.fact.kind === 'ended' && steps.includes(entry.fact.step.do);
    return done ? { ...entry, at: new Date(Date.parse(entry.at) - 40 * DAY).toISOString() } : entry;
  });
  return { ...journal, entries };
}
