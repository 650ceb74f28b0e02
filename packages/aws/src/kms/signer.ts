import { createHash } from 'node:crypto';
import type { Duty, Role } from '@tenant-delivery/domain';
import type { Signer } from '@tenant-delivery/evidence/ports';
import { bytesIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';

const KMS = { name: 'kms', variable: 'KMS', govFips: true, target: 'TrentService', version: '1.1' } as const;

/**
 * A signer whose private key never leaves KMS. `key` is an alias or ARN of an ECC_NIST_P256 key for signing; `role` is
 * who may use it, which for most is the role of the duty's own name.
 */
export async function kmsSigner(
  session: Pick<Session, 'clientConfig'>,
  key: string,
  duty: Duty & Role,
  role: Role = duty,
): Promise<Signer> {
  const call = jsonCaller(KMS, session.clientConfig(role));
  const answer = await translated('kms:GetPublicKey', call('GetPublicKey', { KeyId: key }));
  const spki = required(bytesIn(answer, 'PublicKey'), `the public key of ${key}`);
  return {
    keyId: createHash('sha256').update(spki).digest('hex'),
    duty,
    sign: async (bytes) => {
      // a digest, because KMS signs raw messages of at most 4096 bytes ("Sign", Message)
      const request = {
        KeyId: key,
        Message: createHash('sha256').update(bytes).digest('base64'),
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      };
      const signed = await translated('kms:Sign', call('Sign', request));
      return required(bytesIn(signed, 'Signature'), `a signature of ${key}`);
    },
  };
}
