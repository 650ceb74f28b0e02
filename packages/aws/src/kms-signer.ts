import { createHash } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { Duty } from '@tenant-delivery/domain';
import type { Signer } from '@tenant-delivery/evidence/ports';
import { required, translated } from './translate.ts';

/** A signer whose private key never leaves KMS. `key` is an alias or ARN of an ECC_NIST_P256 key for signing. */
export async function kmsSigner(kms: KMSClient, key: string, duty: Duty): Promise<Signer> {
  const answer = await translated('kms:GetPublicKey', kms.send(new GetPublicKeyCommand({ KeyId: key })));
  const spki = required(answer.PublicKey, `the public key of ${key}`);
  return {
    keyId: createHash('sha256').update(spki).digest('hex'),
    duty,
    sign: async (bytes) => {
      // a digest, because KMS signs raw messages of at most 4096 bytes ("Sign", Message)
      const request = new SignCommand({
        KeyId: key,
        Message: createHash('sha256').update(bytes).digest(),
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      });
      const signed = await translated('kms:Sign', kms.send(request));
      return required(signed.Signature, `a signature of ${key}`);
    },
  };
}
