import type { Json } from '@tenant-delivery/domain';
import { CURRENT, type Escrow, PENDING } from '@tenant-delivery/rotation/access-key/ports';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { type Masker, Secret } from '@tenant-delivery/rotation/secret';
import { answered } from './answered.ts';
import type { clientConfig } from './client-config.ts';
import { booleanIn, numberIn, objectIn, textIn } from './json-answer.ts';
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

export interface EscrowSettings {
  readonly account: string;
  /** Name or ARN of the secret. */
  readonly secret: string;
  readonly masker: Masker;
  /** A value with anything beside the pair counts as none: whoever puts a pair there would lose the rest. */
  readonly nothingElse?: true;
}

/** The secret of Secrets Manager that holds one access key, as JSON: `accessKeyId`, `secretAccessKey`. */
export function keyEscrow(
  config: ReturnType<typeof clientConfig>,
  once: ReturnType<typeof clientConfig>,
  { account, secret, masker, nothingElse }: EscrowSettings,
): Escrow {
  const call = jsonCaller(SECRETS_MANAGER, config);
  const callOnce = jsonCaller(SECRETS_MANAGER, once);
  const kms = jsonCaller(KMS, config);
  const SecretId = secret;
  const moveLabel = (label: string, to: string | undefined, from: string | undefined) =>
    callOnce('UpdateSecretVersionStage', {
      SecretId,
      VersionStage: label,
      ...(to !== undefined && { MoveToVersionId: to }),
      ...(from !== undefined && { RemoveFromVersionId: from }),
    });
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
      const pair = pairIn(textIn(answer, 'SecretString'), nothingElse);
      return (
        pair && { id: pair.id, secret: Secret.born(pair.secret, fingerprintOf(account, pair.id), masker) }
      );
    },
    put: (version, key) =>
      answered(
        call('PutSecretValue', {
          SecretId,
          ClientRequestToken: version,
          VersionStages: [PENDING],
          SecretString: JSON.stringify({ accessKeyId: key.id, secretAccessKey: key.secret.reveal() }),
        }),
      ),
    promote: (version, from) => answered(moveLabel(CURRENT, version, from)),
    settle: (version) => answered(moveLabel(PENDING, undefined, version)),
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

/** Nothing of a text that is no pair is told: it may be a secret all the same. */
function pairIn(
  text: string | undefined,
  nothingElse?: true,
): { readonly id: string; readonly secret: string } | undefined {
  try {
    const said: Json = JSON.parse(text ?? 'null');
    if (nothingElse && Object.keys(Object(said)).length > 2) return undefined;
    const [id, secret] = [textIn(said, 'accessKeyId'), textIn(said, 'secretAccessKey')];
    return id && secret ? { id, secret } : undefined;
  } catch {
    return undefined;
  }
}
