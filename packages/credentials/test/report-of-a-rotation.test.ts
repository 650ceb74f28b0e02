import { expect, test } from '@jest/globals';
import { DAY, HOUR, MINUTE, SECOND } from '@tenant-delivery/domain';
import { type RunEnd, rotate } from '@tenant-delivery/rotation/engine';
import type { Gate } from '@tenant-delivery/rotation/test/schedules';
import { iamAccessKeyKind } from '../src/iam-access-key/kind.ts';
import { DEFAULT_POLICY } from '../src/iam-access-key/policy.ts';
import { reportCredentials } from '../src/report/report-credentials.ts';
import type { Row } from '../src/report/row.ts';
import type { ReportWorld } from '../src/report/world.ts';
import { ACCOUNT, advance, cloneState, type ModelState, openingState } from './iam-access-key/model-state.ts';
import { makeKey, modelWorld } from './iam-access-key/model-world.ts';
import { AGREED, EMPTY, PLACE, reportWorld } from './report-world.ts';

const LEGACY = { id: 'github:acme/legacy:prod', kind: 'slots', cadence: 6 * HOUR } as const;
const PAIR = { id: 'github:acme/legacy:old', kind: 'pair', cadence: 6 * HOUR } as const;
const PEOPLE = { id: 'external:hq', kind: 'people', cadence: 10 * HOUR } as const;
const SETTING = { consumers: [LEGACY, PAIR, PEOPLE], keyDelay: 12 * SECOND, trailDelay: 10 * MINUTE };
const SWITCHING = { slots: 'staged', pair: 'in-place', people: 'acknowledged' } as const;
const POLICY = { ...DEFAULT_POLICY, probeEvery: 3 * DAY };
const CREDENTIAL = {
  ...AGREED.key,
  consumers: SETTING.consumers.map(({ id, kind, cadence }) => ({ id, cadence, switching: SWITCHING[kind] })),
};
const QUIET: Gate = { before: async () => 'go', after: async () => {} };

async function run(state: ModelState, gate = QUIET): Promise<RunEnd> {
  state.processes += 1;
  const process = `p${state.processes}`;
  const { world, vault, clean } = modelWorld(
    state,
    SETTING,
    gate,
    `arn:aws:sts::${ACCOUNT}:assumed-role/x/${process}`,
  );
  const time = { now: () => state.now };
  const sleep = async (milliseconds: number) => advance(state, state.now + milliseconds);
  const by = { run: process, attempt: 1, actor: 'a', commit: 'c', process };
  return rotate(CREDENTIAL.id, iamAccessKeyKind(world, POLICY, { time, sleep, process }), {
    vault,
    time,
    sleep,
    by,
    clean,
  });
}

/** What a report says meanwhile, of a copy of the world: it changes nothing. */
async function reported(original: ModelState): Promise<Row> {
  const state = cloneState(original);
  const { world, vault, clean } = modelWorld(state, SETTING, QUIET, 'arn:aws:sts::0:assumed-role/report/x');
  const around: ReportWorld = {
    ...reportWorld(EMPTY),
    vault,
    clean,
    time: { now: () => state.now },
    keys: {
      users: async () => [{ name: CREDENTIAL.user, arn: `arn:aws:iam::${ACCOUNT}:user/${CREDENTIAL.user}` }],
      tagsOf: async () => ({}),
      keysOf: () => world.keys.list(),
      lastUse: (id) => world.keys.lastUse(id),
      creation: (id) => world.trail.creation(id),
    },
    secrets: {
      ...reportWorld(EMPTY).secrets,
      find: async (name) => {
        const versions = Object.fromEntries(
          Object.entries(state.versions).map(([id, { stages }]) => [id, stages]),
        );
        return { name, arn: 'a', deletedAt: undefined, versions, tags: {} };
      },
    },
  };
  const { rows } = await reportCredentials({ ...PLACE, credentials: [CREDENTIAL] }, around);
  const row = rows.find(({ id }) => id === CREDENTIAL.id);
  if (!row) throw new Error('every credential has a row');
  return row;
}

const STATES: Readonly<Record<string, readonly string[]>> = {
  rotated: ['ok'],
  'not-due': ['ok'],
  'in-progress': ['in-progress'],
  hold: ['hold'],
};

/** Rotates to the end, and holds the report to what each run said: also after every call of a run that would die there. */
async function follow(state: ModelState, meddle: (run: number) => void): Promise<readonly string[]> {
  const said: string[] = [];
  for (let runs = 0; runs < 40; runs += 1) {
    meddle(runs);
    const before = await reported(state);
    const dying: ModelState[] = [];
    const end = await run(state, {
      before: async () => 'go',
      after: async ({ mutates }) => void (mutates && dying.push(cloneState(state))),
    });
    for (const died of dying) {
      advance(died, died.now + 10 * MINUTE);
      const { state: told } = await reported(died);
      if (end.outcome !== 'hold' && told !== 'in-progress' && told !== 'ok')
        said.push(`a run that died: ${told}`);
    }
    const row = await reported(state);
    if (before.state === 'hold') expect(end.outcome).toBe('hold');
    else expect(before.state).toMatch(/^(in-progress|due|ok)$/);
    const code = end.reasons[0]?.code;
    const told = `${row.state}${row.state === 'hold' ? ` ${row.facts[0]}` : ''}`;
    said.push(told);
    expect([end.outcome, STATES[end.outcome]]).toEqual([end.outcome, expect.arrayContaining([row.state])]);
    if (code !== undefined) expect(row.facts[0]).toBe(code);
    if (end.outcome === 'rotated' || end.outcome === 'hold') break;
    advance(state, Math.max(end.nextEligibleAt, state.now + 40 * MINUTE));
  }
  return said;
}

test('a report tells of a rotation what its own runs do, from the first call to the last, even when one dies', async () => {
  const said = await follow(openingState(SETTING), () => {});
  expect(said.at(-1)).toBe('ok');
  expect(new Set(said)).toEqual(new Set(['in-progress', 'ok']));
});

test('a key that somebody made meanwhile is held by both, for the same reason', async () => {
  const state = openingState(SETTING);
  const said = await follow(state, (runs) => {
    if (runs === 2) state.keys = state.keys.filter(({ maker }) => maker === 'us');
    if (runs === 2) makeKey(state, SETTING, `arn:aws:iam::${ACCOUNT}:user/somebody`, 'stranger');
    if (runs === 2) advance(state, state.now + HOUR);
  });
  expect(said.at(-1)).toBe('hold ROTATION_STRANGER');
});

test('an old key that is used beyond its drain is held by both', async () => {
  const uses = Array.from({ length: 60 }, (_, n) => n * 8 * HOUR);
  const said = await follow(openingState({ ...SETTING, straggler: uses }), () => {});
  expect(said.at(-1)).toBe('hold ROTATION_DRAIN_OVERDUE');
});
