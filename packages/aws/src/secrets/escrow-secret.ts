import type { Json } from '@tenant-delivery/domain';
import { type EscrowState, PENDING } from '@tenant-delivery/rotation/escrow';
import type { Answer } from '@tenant-delivery/rotation/ports';
import { booleanIn, numberIn, objectIn, textIn, timeIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { answered } from '../errors/answered.ts';
import { required, translated } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';
import { describedSecret, labelsByVersion, moveLabel, SECRETS_MANAGER } from './secret-calls.ts';

const KMS = { name: 'kms', variable: 'KMS', target: 'TrentService', version: '1.1' } as const;

/** A secret of Secrets Manager whose versions and labels a rotation keeps. Whatever it holds is text that nobody renders. */
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

/** `once` is a configuration whose requests are sent a single time. */
export function escrowSecret(
  config: ReturnType<typeof clientConfig>,
  once: ReturnType<typeof clientConfig>,
  SecretId: string,
): EscrowSecret {
  const call = jsonCaller(SECRETS_MANAGER, config);
  const callOnce = jsonCaller(SECRETS_MANAGER, once);
  const kms = jsonCaller(KMS, config);
  return {
    describe: async () => {
      const answer = await describedSecret(call, SecretId);
      if (!answer) return { kind: 'absent' };
      if (numberIn(answer, 'DeletedDate') !== undefined)
        return { kind: 'unusable', why: 'is scheduled for deletion' };
      if (booleanIn(answer, 'RotationEnabled'))
        return { kind: 'unusable', why: 'is rotated by a function of its own' };
      const KeyId = textIn(answer, 'KmsKeyId');
      const state = KeyId === undefined ? 'Enabled' : await keyState(kms, KeyId);
      if (state !== 'Enabled') return { kind: 'unusable', why: `has a key of KMS that is ${state}` };
      return { kind: 'usable', versions: versionsIn(answer) };
    },
    read: async (version) => {
      const sent = call('GetSecretValue', { SecretId, VersionId: version });
      const answer = await translated('secretsmanager:GetSecretValue', sent, ['ResourceNotFoundException']);
      if (answer === 'ResourceNotFoundException') return undefined;
      const createdAt = required(timeIn(answer, 'CreatedDate'), 'CreatedDate');
      return { text: textIn(answer, 'SecretString'), createdAt };
    },
    put: (version, text) =>
      answered(
        call('PutSecretValue', {
          SecretId,
          ClientRequestToken: version,
          VersionStages: [PENDING],
          SecretString: text,
        }),
      ),
    move: (label, to, from) => moveLabel(callOnce, SecretId, label, to, from),
  };
}

async function keyState(kms: ReturnType<typeof jsonCaller>, KeyId: string): Promise<string> {
  const answer = await translated('kms:DescribeKey', kms('DescribeKey', { KeyId }));
  const metadata = required(objectIn(answer, 'KeyMetadata'), 'KeyMetadata');
  return required(textIn(metadata, 'KeyState'), 'KeyMetadata.KeyState');
}

function versionsIn(described: Json) {
  return Object.entries(labelsByVersion(described)).map(([id, stages]) => ({ id, stages }));
}
