import { DAY, HOUR } from '@tenant-delivery/domain';
import type { KeyPair } from '@tenant-delivery/rotation/ports';
import { redaction } from '@tenant-delivery/rotation/redaction';
import { Secret } from '@tenant-delivery/rotation/secret';
import type { Gate } from '@tenant-delivery/rotation/test/schedules';
import { modelCalls } from '@tenant-delivery/rotation/test/world/model-call';
import { modelVault } from '@tenant-delivery/rotation/test/world/model-vault';
import type { GithubDeployKeyWorld } from '../../src/github-deploy-key/ports.ts';
import { sshFingerprint } from '../../src/github-deploy-key/ssh-key.ts';
import {
  ACCOUNT,
  advance,
  cloneState,
  type ModelSetting,
  type ModelState,
  openingState,
  type Pair,
  START,
} from '../iam-access-key/model-state.ts';
import { modelConsumer } from '../world/model-consumer.ts';
import { modelEscrow } from '../world/model-escrow.ts';

const REPOSITORY = 'acme/library';

/** A deploy key beside what a consumer needs of it, which is a `ModelKey` of the public half. */
interface Listed {
  readonly id: number;
  readonly publicKey: string;
  readonly title: string;
  readonly access: 'read' | 'write';
  readonly createdAt: number;
}

export interface State extends ModelState {
  listed: Listed[];
  /** The old key, by its public half. */
  readonly old: string;
  /** The key that was taken away by hand, and belongs back. */
  lost: Listed | undefined;
  /** Whether the old key has been deleted by us, and when last. */
  deletedAt: number | undefined;
}

/** What was never secret is all that a model needs of a pair: the private half follows from the public one. */
export function publicKey(number: number): string {
  const blob = Buffer.from(`the ed25519 key number ${String(number).padStart(4, '0')}`);
  return `ssh-ed25519 ${blob.toString('base64')}`;
}

function pairOf(half: string): Pair {
  return { id: half, secret: `pr1vate+/"${half.slice(-24)}"${'wJalrXUtnFEMI/K7MDENG'}` };
}

export function beginRotation(setting: ModelSetting): State {
  const plain = openingState(setting);
  const old = publicKey(0);
  const pair = pairOf(old);
  const state: State = {
    ...plain,
    keys: [],
    versions: setting.empty ? {} : { first: { pair, stages: ['AWSCURRENT'] } },
    consumers: plain.consumers.map((consumer) => ({
      ...consumer,
      slots: Object.fromEntries(
        Object.entries(consumer.slots).map(([place, slot]) => [place, { ...slot, ...pair }]),
      ),
    })),
    straggler: plain.straggler && { ...plain.straggler, pair },
    listed: [],
    old,
    lost: undefined,
    deletedAt: undefined,
  };
  if (!setting.empty) {
    const title = 'td-rotation/ci-clone/0000';
    list(state, { publicKey: old, title, access: 'read' }, 'before', START - 181 * DAY);
    const [key] = state.keys;
    if (key) Object.assign(key, { recordedUse: START - HOUR, realUse: START - HOUR });
  }
  return state;
}

export function copyState(state: State): State {
  return { ...state, ...cloneState(state), listed: [...state.listed] };
}

/** GitHub gets a public half, by whomever. */
export function list(
  state: State,
  half: Pick<Listed, 'publicKey' | 'title' | 'access'>,
  maker: 'before' | 'us' | 'stranger',
  createdAt = state.now,
): void {
  const id = state.made;
  state.made += 1;
  const { publicKey, title, access } = half;
  state.listed.push({ id, createdAt, publicKey, title, access });
  state.keys.push({
    ...pairOf(half.publicKey),
    maker,
    active: true,
    inactiveSince: 0,
    createdAt,
    validFrom: 0,
    listedFrom: 0,
    changedAt: 0,
    recordedUse: undefined,
    realUse: undefined,
  });
}

export function unlist(state: State, half: string): void {
  state.listed = state.listed.filter(({ publicKey }) => publicKey !== half);
  state.keys = state.keys.filter(({ id }) => id !== half);
}

/** The ports of one process over a state that it shares with everybody else. */
export function modelWorld(state: State, gate: Gate, session: string) {
  const masks = redaction({ mask: () => {} });
  const born = ({ id, secret }: Pair): KeyPair => ({
    id,
    secret: Secret.born(secret, sshFingerprint(id), masks),
  });
  const calls = modelCalls(gate, () => advance(state, state.now + 100));
  const { read, change } = calls;
  const world: GithubDeployKeyWorld = {
    repository: REPOSITORY,
    caller: { identity: () => read('GetCallerIdentity', () => ({ account: ACCOUNT, arn: session })) },
    keys: {
      list: () =>
        read('GET /keys', () =>
          state.listed.map(({ publicKey, ...key }) => ({
            ...key,
            publicKey,
            verified: true,
            enabled: true,
            addedBy: 'rotator[bot]',
            lastUse: state.keys.find(({ id }) => id === publicKey)?.recordedUse ?? ('never' as const),
          })),
        ),
      add: (key) =>
        change('POST /keys', () => {
          judgeAdd(state, key.publicKey);
          if (state.listed.some(({ publicKey }) => publicKey === key.publicKey)) return undefined;
          list(state, key, key.publicKey === state.old ? 'before' : 'us');
          return undefined;
        }),
      delete: (id) =>
        change('DELETE /keys', () => {
          const key = state.listed.find((one) => one.id === id);
          if (!key) return undefined;
          judgeDelete(state, key.publicKey);
          if (key.publicKey === state.old) state.deletedAt = state.now;
          unlist(state, key.publicKey);
          return undefined;
        }),
    },
    escrow: modelEscrow(state, born, calls),
    consumers: state.consumers.map(({ id }) => modelConsumer(state, id, calls, sshFingerprint)),
    newPair: () => {
      state.made += 1;
      return born(pairOf(publicKey(state.made)));
    },
  };
  return { world, vault: modelVault(state.vault, calls), clean: masks.clean };
}

/** What was written last of each kind of fact, and when. */
export function lastFact(state: State, kind: string): number | undefined {
  const entries = [...state.vault.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  const told = entries.findLast(
    ([, bytes]) =>
      Buffer.from(bytes).includes(`"fact":{"kind":"${kind}"`) ||
      Buffer.from(bytes).includes(`"kind":"${kind}"`),
  );
  return told && Date.parse(JSON.parse(Buffer.from(told[1]).toString()).at);
}

/** I1 and I3: nobody has a public half whose private one is not in escrow, and it was announced. */
function judgeAdd(state: State, half: string): void {
  const escrowed = Object.values(state.versions).some(({ pair }) => pair.id === half);
  if (!escrowed) state.violations.push('I1: a key was added whose private half is in no escrow');
  const texts = [...state.vault.values()].map((bytes) => Buffer.from(bytes).toString());
  if (!texts.some((text) => text.includes('"kind":"began"') && text.includes(half)))
    state.violations.push('I3: a key was added without an entry that says so');
}

/** I2: whose key ends, and whether anybody could still need it, by what is true and not by what was written. */
function judgeDelete(state: State, half: string): void {
  const say = (what: string) => state.violations.push(`I2: a key was deleted ${what}`);
  if (half !== state.old) return void say('that is not the old one');
  const key = state.keys.find(({ id }) => id === half);
  if (state.consumers.some(({ slots, pointer }) => slots[pointer]?.id === half)) say('that a consumer reads');
  const current = Object.values(state.versions).find(({ stages }) => stages.includes('AWSCURRENT'))?.pair;
  if (!current || current.id === half) say('that is the one in escrow');
  if (state.now - (lastFact(state, 'proved') ?? 0) > 10 * 60_000)
    say('although the new one was not proven within ten minutes');
  const newest = [...state.vault.keys()].sort().at(-1) ?? '';
  if (!Buffer.from(state.vault.get(newest) ?? []).includes(half))
    say('without its public half in the journal');
  if (state.leaked) return;
  if (state.consumers.some(({ runs }) => runs.some(({ pair }) => pair.id === half)))
    say('that a run still holds');
  if (state.now - (key?.realUse ?? 0) < DAY) say('that was used within a day');
}
