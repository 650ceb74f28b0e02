import { DAY, HOUR } from '@tenant-delivery/domain';
import { externalConsumer } from '@tenant-delivery/rotation/external-consumer';
import type { KeyPair } from '@tenant-delivery/rotation/ports';
import { redaction } from '@tenant-delivery/rotation/redaction';
import { Secret } from '@tenant-delivery/rotation/secret';
import type { Gate } from '@tenant-delivery/rotation/test/schedules';
import { modelCalls } from '@tenant-delivery/rotation/test/world/model-call';
import { describedVersions, moveLabel } from '@tenant-delivery/rotation/test/world/model-labels';
import { modelVault } from '@tenant-delivery/rotation/test/world/model-vault';
import { appKeyFingerprint, shownFingerprint } from '../../src/github-app-key/app-fingerprint.ts';
import type { GithubAppKeyWorld } from '../../src/github-app-key/ports.ts';

/*
 * An App with its keys, a secret with versions, and people: the owner of the App makes and deletes keys when a report
 * asks for it, and its user takes it from escrow when they are told, and holds the old one for a while.
 */

const START = Date.UTC(2026, 10, 24, 9, 0, 0);
export const ACCOUNT = '000000000042';
const APP = 77;
const OTHER_APP = 78;

interface User {
  readonly name: string;
  readonly cadence: number;
  has: number;
  acknowledged: number | undefined;
  installAt: number | undefined;
  /** When it still uses what it had before. */
  late: { readonly key: number; readonly at: number }[];
  nextUseAt: number;
}

export interface State {
  now: number;
  processes: number;
  vault: Map<string, Uint8Array>;
  /** Numbers of the keys that GitHub knows, with the App of each. */
  keys: Map<number, number>;
  made: number;
  versions: Record<string, { key: number; pem: boolean; createdAt: number; stages: string[] }>;
  users: User[];
  /** When the operator does what the last report asked for. */
  stageAt: number | undefined;
  deletion: { readonly key: number; readonly at: number } | undefined;
  tokens: number;
  leaked: boolean;
  /** What the operator will bring the next time. */
  mistake: 'none' | 'no-pem' | 'other-app' | 'unknown' | 'old';
  violations: string[];
}

export const OLD = 1;

export function beginRotation(names: readonly string[] = ['hq']): State {
  return {
    now: START,
    processes: 0,
    vault: new Map(),
    keys: new Map([
      [OLD, APP],
      [900, OTHER_APP],
    ]),
    made: OLD,
    versions: {
      first: { key: OLD, pem: true, createdAt: START - 181 * DAY, stages: ['AWSCURRENT'] },
    },
    users: names.map((name, index) => ({
      name,
      cadence: 10 * HOUR,
      has: OLD,
      acknowledged: undefined,
      installAt: undefined,
      late: [],
      nextUseAt: START + (index + 1) * HOUR,
    })),
    stageAt: undefined,
    deletion: undefined,
    tokens: 0,
    leaked: false,
    mistake: 'none',
    violations: [],
  };
}

export function copyState(state: State): State {
  return {
    ...state,
    vault: new Map(state.vault),
    keys: new Map(state.keys),
    versions: Object.fromEntries(
      Object.entries(state.versions).map(([id, one]) => [id, { ...one, stages: [...one.stages] }]),
    ),
    users: state.users.map((user) => ({ ...user, late: [...user.late] })),
    violations: [...state.violations],
  };
}

/** Moves time on; people act when their time comes. */
export function advance(state: State, to: number): void {
  for (let next = nextEvent(state); next <= to; next = nextEvent(state)) {
    state.now = Math.max(state.now, next);
    happen(state);
  }
  state.now = Math.max(state.now, to);
}

const NEVER = Number.POSITIVE_INFINITY;

function nextEvent({ users, stageAt, deletion }: State): number {
  const theirs = users.flatMap(({ installAt, late, nextUseAt }) => [
    installAt ?? NEVER,
    nextUseAt,
    ...late.map(({ at }) => at),
  ]);
  return Math.min(stageAt ?? NEVER, deletion?.at ?? NEVER, ...theirs);
}

function happen(state: State): void {
  const { now } = state;
  if ((state.stageAt ?? NEVER) <= now) bring(state);
  if (state.deletion && state.deletion.at <= now) {
    state.keys.delete(state.deletion.key);
    state.deletion = undefined;
  }
  for (const user of state.users) {
    if ((user.installAt ?? NEVER) <= now) install(state, user);
    for (const { key, at } of user.late) if (at <= now) use(state, user, key);
    user.late = user.late.filter(({ at }) => at > now);
    if (user.nextUseAt <= now) {
      use(state, user, user.has);
      user.nextUseAt += user.cadence;
    }
  }
}

function use({ keys, violations, leaked }: State, { name }: User, key: number): void {
  if (keys.has(key) || (leaked && key === OLD)) return;
  violations.push(`outage: ${name} found that GitHub does not know its key ${key}`);
}

/** The operator makes a key and puts the file into escrow, or makes a mistake once. */
export function bring(state: State): void {
  state.stageAt = undefined;
  const { mistake } = state;
  state.mistake = 'none';
  state.made += 1;
  if (mistake === 'none') state.keys.set(state.made, APP);
  const key = mistake === 'other-app' ? 900 : mistake === 'old' ? OLD : state.made;
  for (const version of Object.values(state.versions))
    version.stages = version.stages.filter((stage) => stage !== 'TDPENDING');
  state.versions[`brought-${state.made}`] = {
    key,
    pem: mistake !== 'no-pem',
    createdAt: state.now,
    stages: ['TDPENDING'],
  };
}

/** What is current in escrow is installed; a process that runs holds the old key until it is used once more. */
function install(state: State, user: User): void {
  user.installAt = undefined;
  const current = currentOf(state);
  if (!current) return;
  if (user.has !== current.key) user.late.push({ key: user.has, at: state.now + user.cadence });
  user.has = current.key;
  user.acknowledged = current.key;
}

export function currentOf({ versions }: State) {
  return Object.values(versions).find(({ stages }) => stages.includes('AWSCURRENT'));
}

/** People read a report and do what it asks for, some hours later. */
export function heed(state: State, facts: readonly string[]): void {
  const said = facts.join(' ');
  const later = state.now + 3 * HOUR;
  if (said.startsWith('Make a new private key')) state.stageAt ??= later;
  for (const user of state.users)
    if (said.includes(`external:${user.name}`) && said.startsWith('Let')) user.installAt ??= later;
  if (!said.startsWith('Delete the private key')) return;
  const key = [...state.keys.keys()].find((one) => said.includes(shownFingerprint(halfOf(one))));
  if (key === undefined) return void state.violations.push('people were asked to delete a key that is none');
  state.deletion ??= { key, at: later };
  if (state.leaked) return;
  if (state.users.some(({ has, late }) => has === key || late.some((one) => one.key === key)))
    state.violations.push('I2: people were asked to delete a key that is still held');
}

function halfOf(key: number): string {
  return Buffer.from(`the public half of key ${key}`).toString('base64');
}

export function pemOf(key: number): string {
  return `-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA+${key}/secret/of/an/App\n-----END RSA PRIVATE KEY-----\n`;
}

/** The ports of one process over a state that it shares with everybody else. */
export function modelWorld(state: State, gate: Gate, session: string) {
  const masks = redaction({ mask: () => {} });
  const calls = modelCalls(gate, () => advance(state, state.now + 100));
  const { read, change } = calls;
  const numberOf = (pair: KeyPair) =>
    Number(/key (\d+)/.exec(Buffer.from(pair.id, 'base64').toString())?.[1]);
  const world: GithubAppKeyWorld = {
    app: APP,
    secret: 'td/rotation/github-app',
    caller: { identity: () => read('GetCallerIdentity', () => ({ account: ACCOUNT, arn: session })) },
    door: {
      whose: (pair) => read('GET /app', () => state.keys.get(numberOf(pair)) ?? ('rejected' as const)),
      exercise: async (pair) => {
        const made = await calls.call('POST /access_tokens', true, () => {
          if (!state.keys.has(numberOf(pair))) return false;
          state.tokens += 1;
          return true;
        });
        if (!made) return { failed: 'GitHub answered 401' };
        await calls.call('DELETE /installation/token', true, () => {
          state.tokens -= 1;
        });
        return { installation: 5 };
      },
    },
    escrow: {
      describe: () => read('DescribeSecret', () => describedVersions(state.versions)),
      read: (version) =>
        read('GetSecretValue', () => {
          const held = state.versions[version];
          if (!held) return undefined;
          const { key, pem, createdAt } = held;
          const id = halfOf(key);
          const pair = { id, secret: Secret.born(pemOf(key), appKeyFingerprint(id), masks) };
          return { createdAt, pair: pem ? pair : undefined };
        }),
      promote: (version, from) =>
        change('UpdateSecretVersionStage', () => {
          const key = state.versions[version]?.key ?? 0;
          if (state.keys.get(key) !== APP) state.violations.push(`a key ${key} was promoted that is none`);
          return moveLabel(state.versions, 'AWSCURRENT', version, from);
        }),
      settle: (version) =>
        change('UpdateSecretVersionStage', () => {
          const held = state.versions[version];
          if (held) held.stages = held.stages.filter((stage) => stage !== 'TDPENDING');
          return undefined;
        }),
    },
    // an acknowledgement is given for the key of the day, and not again for the next one
    consumers: state.users.map(({ name, cadence, acknowledged }) =>
      externalConsumer(
        name,
        cadence,
        acknowledged !== undefined && acknowledged === currentOf(state)?.key
          ? appKeyFingerprint(halfOf(acknowledged))
          : undefined,
        'somebody',
      ),
    ),
  };
  return { world, vault: modelVault(state.vault, calls), clean: masks.clean };
}
