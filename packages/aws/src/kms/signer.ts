import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { Duty } from '@tenant-delivery/domain';
import { failures as evidenceFailures } from '@tenant-delivery/evidence/failures';
import { isSignedBy, keyIdOf } from '@tenant-delivery/evidence/keys';
import type { Signer } from '@tenant-delivery/evidence/ports';
import { algorithmOf } from '@tenant-delivery/evidence/signature-algorithms';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

/** A key of KMS for signing. */
export interface SigningKey {
  /** Its alias or ARN. */
  readonly key: string;
  readonly duty: Duty;
  /** Its public half, where the release knows it. KMS is asked for it otherwise. */
  readonly publicKey?: KeyObject | undefined;
}

/** A signer whose private key never leaves KMS, with the credentials of someone who may use it. */
export async function kmsSigner(
  config: ClientConfig,
  { key, duty, publicKey: known }: SigningKey,
): Promise<Signer> {
  const kms = lazyClient(
    () => import('./kms-sdk.ts'),
    (sdk) => sdk.KMSClient,
    config,
  );
  const readPublicKey = async () => {
    const asked = kms.send((sdk) => new sdk.GetPublicKeyCommand({ KeyId: key }));
    const { PublicKey } = await translated('kms:GetPublicKey', asked);
    const spki = required(PublicKey?.length ? PublicKey : undefined, `the public key of ${key}`);
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  };
  const publicKey = known ?? (await readPublicKey());
  const algorithm = required(algorithmOf(publicKey), `a public key of ${key} that may sign`);
  const keyId = keyIdOf(publicKey);
  return {
    keyId,
    duty,
    algorithm,
    sign: async (bytes) => {
      // a digest, because KMS signs raw messages of at most 4096 bytes ("Sign", Message)
      const request = {
        KeyId: key,
        Message: createHash(algorithm.kms.digest).update(bytes).digest(),
        MessageType: 'DIGEST' as const,
        SigningAlgorithm: algorithm.kms.name,
      };
      const sent = kms.send((sdk) => new sdk.SignCommand(request));
      const { Signature } = await translated('kms:Sign', sent);
      const signature = required(Signature?.length ? Signature : undefined, `a signature of ${key}`);
      if (!known || isSignedBy(publicKey, bytes, signature)) return signature;
      throw evidenceFailures.signingKeyUntrusted(key, keyIdOf(await readPublicKey()), keyId);
    },
  };
}
