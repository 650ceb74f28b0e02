import type { Json } from '@tenant-delivery/domain';
import { type EscrowState, PENDING } from '@tenant-delivery/rotation/escrow-state';
import type { Answer } from '@tenant-delivery/rotation/ports';
import { answered } from './answered.ts';
import type { clientConfig } from './client-config.ts';
import { booleanIn, numberIn, objectIn, textIn, timeIn } from './json-answer.ts';
import { jsonCaller } from './signed-call.ts';
import { required, translated } from './translate.ts';

export const SECRETS_MANAGER = {
  name: 'secretsmanager',
  variable: 'SECRETS_MANAGER',
  govFips: true,
  target: 'secretsmanager',
  version: '1.1',
} as const;
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
      const sent = call('DescribeSecret', { SecretId });
      const answer = await translated('secretsmanager:DescribeSecret', sent, ['ResourceNotFoundException']);
      if (answer === 'ResourceNotFoundException') return { kind: 'absent' };
      if (numberIn(answer, 'DeletedDate') !== undefined)
        return { kind: 'unusable', why: 'is scheduled for deletion' };
      if (booleanIn(answer, 'RotationEnabled'))
        return { kind: 'unusable', why: 'is rotated by a function of its own' };
      const KeyId = textIn(answer, 'KmsKeyId');
      const state = KeyId === undefined ? 'Enabled' : await keyState(kms, KeyId);
      if (state !== 'Enabled') return { kind: 'unusable', why: `has a key of KMS that is ${state}` };
      return { kind: 'usable', versions: versionsIn(objectIn(answer, 'VersionIdsToStages')) };
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
    move: (label, to, from) =>
      answered(
        callOnce('UpdateSecretVersionStage', {
          SecretId,
          VersionStage: label,
          ...(to !== undefined && { MoveToVersionId: to }),
          ...(from !== undefined && { RemoveFromVersionId: from }),
        }),
      ),
  };
}

async function keyState(kms: ReturnType<typeof jsonCaller>, KeyId: string): Promise<string> {
  const answer = await translated('kms:DescribeKey', kms('DescribeKey', { KeyId }));
  const metadata = required(objectIn(answer, 'KeyMetadata'), 'KeyMetadata');
  return required(textIn(metadata, 'KeyState'), 'KeyMetadata.KeyState');
}

function versionsIn(versions: Json | undefined) {
  return Object.entries(versions ?? {}).map(([id, stages]) => ({
    id,
    stages: Array.isArray(stages) ? stages.map(String) : [],
  }));
}
