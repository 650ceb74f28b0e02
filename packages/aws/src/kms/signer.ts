import { createHash, createPublicKey } from 'node:crypto';
import type { Duty, Role } from '@tenant-delivery/domain';
import type { Signer } from '@tenant-delivery/evidence/ports';
import { algorithmOf } from '@tenant-delivery/evidence/signature-algorithms';
import { required, translated } from '../errors/translate.ts';
import { lazyClient } from '../session/lazy-client.ts';
import type { Session } from '../session/session.ts';

/**
 * A signer whose private key never leaves KMS. `key` is an alias or ARN of a key for signing; `role` is who may use it,
 * which for most is the role of the duty's own name.
 */
export async function kmsSigner(
  session: Pick<Session, 'clientConfig'>,
  key: string,
  duty: Duty & Role,
  role: Role = duty,
): Promise<Signer> {
  const kms = lazyClient(
    () => import('./kms-sdk.ts'),
    (sdk) => sdk.KMSClient,
    session.clientConfig(role),
  );
  const asked = kms.send((sdk) => new sdk.GetPublicKeyCommand({ KeyId: key }));
  const { PublicKey } = await translated('kms:GetPublicKey', asked);
  const spki = required(PublicKey?.length ? PublicKey : undefined, `the public key of ${key}`);
  const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  const algorithm = required(algorithmOf(publicKey), `a public key of ${key} that may sign`);
  return {
    keyId: createHash('sha256').update(spki).digest('hex'),
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
      return required(Signature?.length ? Signature : undefined, `a signature of ${key}`);
    },
  };
}
