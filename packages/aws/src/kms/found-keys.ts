import type { AccountReader } from '@tenant-delivery/provisioning/doctor/ports';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

/** Keys of KMS, their policies and their public halves, read only. */
export function kmsReads(config: ClientConfig): Pick<AccountReader, 'key' | 'keyPolicy' | 'publicKey'> {
  const kms = lazyClient(
    () => import('./kms-sdk.ts'),
    (sdk) => sdk.KMSClient,
    config,
  );
  return {
    key: async (KeyId) => {
      const sent = kms.send((sdk) => new sdk.DescribeKeyCommand({ KeyId }));
      const answer = await translated('kms:DescribeKey', sent, ['NotFoundException']);
      if (answer === 'NotFoundException') return undefined;
      const key = required(answer.KeyMetadata, 'KeyMetadata');
      return {
        arn: required(key.Arn, 'KeyMetadata.Arn'),
        state: required(key.KeyState, 'KeyMetadata.KeyState'),
        spec: required(key.KeySpec, 'KeyMetadata.KeySpec'),
        usage: required(key.KeyUsage, 'KeyMetadata.KeyUsage'),
      };
    },
    keyPolicy: async (KeyId) => {
      const sent = kms.send((sdk) => new sdk.GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
      const { Policy } = await translated('kms:GetKeyPolicy', sent);
      return JSON.parse(required(Policy, 'Policy')); // KMS stores JSON only
    },
    publicKey: async (KeyId) => {
      const sent = kms.send((sdk) => new sdk.GetPublicKeyCommand({ KeyId }));
      const { PublicKey } = await translated('kms:GetPublicKey', sent);
      return required(PublicKey?.length ? PublicKey : undefined, `the public key of ${KeyId}`);
    },
  };
}
