import { CURRENT, type Escrow, PENDING } from '@tenant-delivery/rotation/escrow';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { type Masker, Secret } from '@tenant-delivery/rotation/secret';
import * as v from 'valibot';
import type { ClientConfig } from '../session/client-config.ts';
import { escrowSecret } from './escrow-secret.ts';

export interface EscrowSettings {
  readonly account: string;
  /** Name or ARN of the secret. */
  readonly secret: string;
  readonly masker: Masker;
  /** A value with other members counts as no pair: writing a pair there would lose them. */
  readonly nothingElse?: true;
}

/** The secret of Secrets Manager that holds one access key, as JSON: `accessKeyId`, `secretAccessKey`. */
export function keyEscrow(
  config: ClientConfig,
  once: ClientConfig,
  { account, secret, masker, nothingElse }: EscrowSettings,
): Escrow {
  const held = escrowSecret(config, once, secret);
  return {
    describe: held.describe,
    read: async (version) => {
      const pair = pairIn((await held.read(version))?.text, nothingElse);
      return (
        pair && { id: pair.id, secret: Secret.born(pair.secret, fingerprintOf(account, pair.id), masker) }
      );
    },
    put: (version, key) =>
      held.put(version, JSON.stringify({ accessKeyId: key.id, secretAccessKey: key.secret.reveal() })),
    promote: (version, from) => held.move(CURRENT, version, from),
    settle: (version) => held.move(PENDING, undefined, version),
  };
}

const half = v.pipe(v.string(), v.nonEmpty());
const pair = { accessKeyId: half, secretAccessKey: half };

/** Says nothing about a text that is not a pair: it may still be a secret. */
function pairIn(
  text: string | undefined,
  nothingElse?: true,
): { readonly id: string; readonly secret: string } | undefined {
  try {
    const schema = nothingElse ? v.strictObject(pair) : v.object(pair);
    const { accessKeyId: id, secretAccessKey: secret } = v.parse(schema, JSON.parse(text ?? 'null'));
    return { id, secret };
  } catch {
    return undefined;
  }
}
