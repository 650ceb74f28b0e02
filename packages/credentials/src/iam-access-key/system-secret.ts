import { createHash } from 'node:crypto';
import { CURRENT, type Escrow, PENDING } from '@tenant-delivery/rotation/escrow';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import type { Answer, Consumer, ConsumerState, KeyPair, ProofAnswer } from '@tenant-delivery/rotation/ports';

/** Says whether a system has read the current version of its secret. */
export interface SystemWitness {
  /** `undefined`: nobody has said so, or it is not known yet. */
  hasRead(version: string): Promise<{ readonly by: string } | undefined>;
}

/** People who say which key a system uses. */
export interface Acknowledgement {
  /** The fingerprint that they named; `undefined` where they have said nothing. */
  readonly fingerprint: string | undefined;
  readonly by: string;
}

export interface SystemSecretOptions {
  /** The name of the secret, which is not the escrow. */
  readonly name: string;
  readonly account: string;
  /** Milliseconds between two uses, at the longest. */
  readonly cadence: number;
  readonly secret: Escrow;
  readonly shownBy: SystemWitness | Acknowledgement;
}

const PLACE = 'current';

/**
 * A secret of Secrets Manager in the same account that a system reads. The key is put beside the current version and
 * becomes current by one label; the system has it once it has read it, or once people say so.
 */
export function systemSecret({ name, account, cadence, secret, shownBy }: SystemSecretOptions): Consumer {
  const look = async () => {
    const state = await secret.describe();
    const versions = state.kind === 'usable' ? state.versions : [];
    const labelled = (label: string) => versions.find(({ stages }) => stages.includes(label))?.id;
    return { state, current: labelled(CURRENT), pending: labelled(PENDING) };
  };
  return {
    id: `secret:${name}`,
    switching: 'replaced',
    cadence,
    async observe(asked): Promise<ConsumerState> {
      const { state, current } = await look();
      const pair = current === undefined ? undefined : await secret.read(current);
      const fingerprint = pair && fingerprintOf(account, pair.id);
      const answer = asked.length === 0 ? PENDING_ANSWER : await answerOf(shownBy, current, fingerprint);
      return {
        obstacles: obstaclesOf(name, state, current !== undefined && !pair),
        current: pair && PLACE,
        idle: PLACE,
        written: current === undefined || !pair ? {} : { [PLACE]: current },
        proofs: Object.fromEntries(asked.map((proof) => [proof, answer])),
        holders: { count: 0, examples: [] }, // nobody lists readers; uses of the old key show who has not read the new one
      };
    },
    async stage(_, key): Promise<Answer> {
      const version = versionOf(name, account, key);
      const put = await secret.put(version, key);
      if (put !== 'done') return put;
      const { current } = await look();
      const turned = current === version ? 'done' : await secret.promote(version, current);
      if (turned !== 'done') return turned;
      return (await look()).pending === version ? secret.settle(version) : 'done';
    },
    askProof: async () => 'done', // nobody is sent a question: it is looked for
    point: async () => 'done', // writing it was the cut-over
    blank: async () => ({ refused: `${name} is in use` }),
  };
}

const PENDING_ANSWER: ProofAnswer = { kind: 'pending' };

async function answerOf(
  shownBy: SystemSecretOptions['shownBy'],
  version: string | undefined,
  fingerprint: string | undefined,
): Promise<ProofAnswer> {
  if (!('hasRead' in shownBy))
    return shownBy.fingerprint === undefined
      ? PENDING_ANSWER
      : { kind: 'used', fingerprint: shownBy.fingerprint, by: shownBy.by };
  if (version === undefined || fingerprint === undefined) return PENDING_ANSWER;
  const read = await shownBy.hasRead(version);
  return read ? { kind: 'used', fingerprint, by: read.by } : PENDING_ANSWER;
}

function obstaclesOf(
  name: string,
  state: Awaited<ReturnType<Escrow['describe']>>,
  holdsOther: boolean,
): readonly string[] {
  if (state.kind === 'absent')
    return [`The secret ${name} is not there. Make it, or correct its name in the credential.`];
  if (state.kind === 'unusable') return [`The secret ${name} ${state.why}. Fix that first.`];
  return holdsOther
    ? [
        `The secret ${name} holds more than a key pair, which would be lost. Give the key a secret of its own.`,
      ]
    : [];
}

/** The same key means the same version, however often it is put. */
function versionOf(name: string, account: string, { id }: KeyPair): string {
  return createHash('sha256')
    .update(`${name} ${fingerprintOf(account, id)}`)
    .digest('hex')
    .slice(0, 32);
}
