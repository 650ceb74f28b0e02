import { type EscrowState, PENDING } from '@tenant-delivery/rotation/escrow';
import type { Answer } from '@tenant-delivery/rotation/ports';
import { answered } from '../errors/answered.ts';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';
import { describedSecret, moveLabel, secretsClient } from './secrets-client.ts';

/** A secret in Secrets Manager whose versions and labels a rotation keeps. Its value is text that is never printed. */
export interface EscrowSecret {
  describe(): Promise<EscrowState>;
  /** `undefined`: there is no such version. */
  read(
    version: string,
  ): Promise<{ readonly text: string | undefined; readonly createdAt: number } | undefined>;
  /** With the label TDPENDING. The same version and text again changes nothing. */
  put(version: string, text: string): Promise<Answer>;
  move(label: string, to: string | undefined, from: string | undefined): Promise<Answer>;
}

/** Requests made with `once` are sent a single time. */
export function escrowSecret(config: ClientConfig, once: ClientConfig, SecretId: string): EscrowSecret {
  const secrets = secretsClient(config);
  const secretsOnce = secretsClient(once);
  return {
    describe: async () => {
      const answer = await describedSecret(secrets, SecretId);
      if (!answer) return { kind: 'absent' };
      if (answer.DeletedDate !== undefined) return { kind: 'unusable', why: 'is scheduled for deletion' };
      if (answer.RotationEnabled) return { kind: 'unusable', why: 'is rotated by a function of its own' };
      const state = answer.KmsKeyId === undefined ? 'Enabled' : await keyState(config, answer.KmsKeyId);
      if (state !== 'Enabled') return { kind: 'unusable', why: `has a key of KMS that is ${state}` };
      const versions = Object.entries(answer.VersionIdsToStages ?? {}); // a secret without a value has none
      return { kind: 'usable', versions: versions.map(([id, stages]) => ({ id, stages })) };
    },
    read: async (version) => {
      const sent = secrets.send((sdk) => new sdk.GetSecretValueCommand({ SecretId, VersionId: version }));
      const answer = await translated('secretsmanager:GetSecretValue', sent, ['ResourceNotFoundException']);
      if (answer === 'ResourceNotFoundException') return undefined;
      const createdAt = required(answer.CreatedDate, 'CreatedDate').getTime();
      return { text: answer.SecretString, createdAt };
    },
    put: (version, text) =>
      answered(
        secrets.send(
          (sdk) =>
            new sdk.PutSecretValueCommand({
              SecretId,
              ClientRequestToken: version,
              VersionStages: [PENDING],
              SecretString: text,
            }),
        ),
      ),
    move: (label, to, from) => moveLabel(secretsOnce, SecretId, label, to, from),
  };
}

async function keyState(config: ClientConfig, KeyId: string): Promise<string> {
  const kms = lazyClient(
    () => import('../kms/kms-sdk.ts'),
    (sdk) => sdk.KMSClient,
    config,
  );
  const sent = kms.send((sdk) => new sdk.DescribeKeyCommand({ KeyId }));
  const { KeyMetadata } = await translated('kms:DescribeKey', sent);
  return required(KeyMetadata?.KeyState, 'KeyMetadata.KeyState');
}
