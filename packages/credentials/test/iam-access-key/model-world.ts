import { DAY, MINUTE } from '@tenant-delivery/domain';
import { CURRENT } from '@tenant-delivery/rotation/escrow';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import type { KeyPair } from '@tenant-delivery/rotation/ports';
import { redaction } from '@tenant-delivery/rotation/redaction';
import { Secret } from '@tenant-delivery/rotation/secret';
import type { Gate } from '@tenant-delivery/rotation/test/schedules';
import { modelCalls } from '@tenant-delivery/rotation/test/world/model-call';
import { modelVault } from '@tenant-delivery/rotation/test/world/model-vault';
import type { IamAccessKeyWorld } from '../../src/iam-access-key/observe.ts';
import type { AccessKeys } from '../../src/iam-access-key/ports.ts';
import { modelConsumer } from '../world/model-consumer.ts';
import { modelEscrow } from '../world/model-escrow.ts';
import {
  ACCOUNT,
  advance,
  brokenBecause,
  keyId,
  LAG,
  type ModelKey,
  type ModelSetting,
  type ModelState,
  type Pair,
  recordUse,
  secretOf,
  USER,
} from './model-state.ts';

export type { Gate } from '@tenant-delivery/rotation/test/schedules';

/** The ports of one process over a state that it shares with everybody else. */
export function modelWorld(state: ModelState, setting: ModelSetting, gate: Gate, session: string) {
  const masks = redaction({ mask: () => {} });
  const born = ({ id, secret }: Pair): KeyPair => ({
    id,
    secret: Secret.born(secret, fingerprintOf(ACCOUNT, id), masks),
  });

  const calls = modelCalls(gate, () => advance(state, state.now + 100));
  const { read, change } = calls;

  const keys: AccessKeys = {
    user: () => read('GetUser', () => ({ name: 'acme-ci', arn: USER, tags: {} })),
    list: () =>
      read('ListAccessKeys', () => [
        ...state.keys
          .filter(({ listedFrom }) => listedFrom <= state.now)
          .map(({ id, active, changedAt, createdAt }) => ({
            id,
            status: active === state.now >= changedAt + LAG ? ('Active' as const) : ('Inactive' as const),
            createdAt,
          })),
        ...state.ghosts
          .filter(({ until }) => state.now < until)
          .map(({ id, createdAt }) => ({ id, status: 'Inactive' as const, createdAt })),
      ]),
    lastUse: (id) =>
      read('GetAccessKeyLastUsed', () => {
        const key = state.keys.find((one) => one.id === id);
        if (!key) throw new Error('AccessDenied: IAM tells nothing of a key that is gone');
        const at = key.recordedUse;
        return at === undefined ? 'never' : { at, service: 's3', region: 'eu-west-1' };
      }),
    create: async () => {
      let made: KeyPair | undefined;
      const answer = await change('CreateAccessKey', () => {
        judgeCreate(state);
        if (state.keys.length >= 2) return { refused: 'LimitExceeded' };
        made = born(makeKey(state, setting, session));
        return undefined;
      });
      if (answer === 'done' && made) return made;
      return answer === 'done' ? 'unknown' : answer;
    },
    setStatus: (id, status) =>
      change('UpdateAccessKey', () => {
        const key = state.keys.find((one) => one.id === id);
        if (!key) return { refused: 'NoSuchEntity' };
        if (status === 'Inactive') judgeEnd(state, key, 'disabled');
        if (key.active && status === 'Inactive') key.inactiveSince = state.now;
        if (key.active !== (status === 'Active')) key.changedAt = state.now;
        key.active = status === 'Active';
        return undefined;
      }),
    delete: (id) =>
      change('DeleteAccessKey', () => {
        const key = state.keys.find((one) => one.id === id);
        if (key) judgeEnd(state, key, 'deleted');
        if (key) state.ghosts.push({ id, createdAt: key.createdAt, until: state.now + LAG });
        state.keys = state.keys.filter((one) => one !== key);
        return undefined;
      }),
    denySessions: (before) =>
      change('PutUserPolicy', () => {
        state.deniedBefore = before;
        return undefined;
      }),
  };

  const world: IamAccessKeyWorld = {
    caller: { identity: () => read('GetCallerIdentity', () => ({ account: ACCOUNT, arn: session })) },
    keys,
    trail: {
      creation: (id) =>
        read('LookupEvents', () => {
          const event = state.trail.find(
            ({ keyId, deliveredAt }) => keyId === id && deliveredAt <= state.now,
          );
          return event && { at: event.at, by: event.by, sourceAddress: '192.0.2.1' };
        }),
      uses: () => read('LookupEvents', () => []),
    },
    escrow: modelEscrow(state, born, { read, change }),
    proof: {
      identity: (pair) =>
        read('GetCallerIdentity', () => {
          const secret = pair.secret.reveal();
          if (brokenBecause(state, { id: pair.id, secret })) return 'not-valid';
          recordUse(state, pair.id);
          state.provedAt[pair.id] = state.now;
          return { account: ACCOUNT, arn: USER };
        }),
    },
    consumers: state.consumers.map(({ id }) =>
      modelConsumer(state, id, { read, change }, (keyId) => fingerprintOf(ACCOUNT, keyId)),
    ),
  };
  return { world, vault: modelVault(state.vault, calls), clean: masks.clean };
}

export function makeKey(
  state: ModelState,
  setting: Pick<ModelSetting, 'keyDelay' | 'trailDelay'>,
  by: string,
  maker: ModelKey['maker'] = 'us',
): ModelKey {
  const number = state.made;
  state.made += 1;
  const key: ModelKey = {
    id: keyId(number),
    secret: secretOf(number),
    maker,
    active: true,
    inactiveSince: 0,
    createdAt: state.now,
    validFrom: state.now + setting.keyDelay,
    listedFrom: state.now + Math.min(setting.keyDelay, LAG),
    changedAt: 0,
    recordedUse: undefined,
    realUse: undefined,
  };
  state.keys.push(key);
  state.trail.push({ keyId: key.id, by, at: state.now, deliveredAt: state.now + setting.trailDelay });
  return key;
}

/** I1 and I3: what is made was announced, with what there was; and there is never a second key without its secret. */
function judgeCreate(state: ModelState): void {
  const newest = [...state.vault.keys()].sort().at(-1);
  const text = newest ? Buffer.from(state.vault.get(newest) ?? []).toString() : '';
  if (!text.includes('"kind":"began"') || !text.includes('"do":"create"'))
    state.violations.push('I3: a key was made without an entry that says so');
  const escrowed = new Set(Object.values(state.versions).map(({ pair }) => pair.id));
  if (state.keys.some(({ id, maker }) => maker === 'us' && !escrowed.has(id)))
    state.violations.push('I1: a second key was made while one was without its secret');
}

/** I2: whose key ends, and whether anybody could still need it, by what is true and not by what was written. */
function judgeEnd(state: ModelState, key: ModelKey, how: 'disabled' | 'deleted'): void {
  const say = (what: string) => state.violations.push(`I2: a key was ${how} ${what}`);
  if (key.maker === 'stranger') say('that is not ours');
  const escrowed = Object.values(state.versions).some(({ pair }) => pair.id === key.id);
  if (key.maker === 'us' && !escrowed) {
    if (key.realUse !== undefined) say('although it was used, as an orphan never is');
    return;
  }
  const urgent = state.leaked;
  const reads = state.consumers.some(({ slots, pointer }) => slots[pointer]?.id === key.id);
  if (reads) say('that a consumer reads');
  const current = Object.values(state.versions).find(({ stages }) => stages.includes(CURRENT))?.pair;
  if (!current || current.id === key.id) say('that is the one in escrow');
  if (!current || state.now - (state.provedAt[current.id] ?? 0) > 10 * MINUTE)
    say('although the new one was not proven within ten minutes');
  if (how === 'disabled' && !urgent) {
    if (state.consumers.some(({ runs }) => runs.some(({ pair }) => pair.id === key.id)))
      say('that a run still holds');
    if (state.now - (key.realUse ?? 0) < DAY) say('that was used within a day');
  }
  if (how === 'deleted' && (key.active || state.now - key.inactiveSince < (urgent ? 30 : 7) * DAY))
    say('before its grace was over');
}
