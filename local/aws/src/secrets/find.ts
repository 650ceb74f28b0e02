import { findEncryptionKey } from '../kms/encryption-keys.ts';
import { AwsError, type Call } from '../world/service.ts';
import { settleReplicas } from './replicas.ts';
import { findSecret, type Secret, secretsOf } from './state.ts';

/** The secret that a call names, also one that waits for its deletion. What is past its end is gone. */
export function secretOf(call: Call, id: string): Secret {
  const found = knownSecret(call, id);
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

/** The same, or nothing. */
export function knownSecret({ world, account, region }: Call, id: string): Secret | undefined {
  const secrets = secretsOf(world, account, region);
  const found = findSecret(secrets, id);
  if (found?.goneAt !== undefined && found.goneAt <= world.clock.now()) delete secrets[found.name];
  else if (found) {
    settleReplicas(world, account, region, found);
    return found;
  }
  return undefined;
}

/** A secret that may be read: it does not wait for its deletion. */
export function readableSecret(call: Call, id: string): Secret {
  const secret = secretOf(call, id);
  if (secret.deletedAt !== undefined)
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  return secret;
}

/** A secret that may be changed: it is no replica of another region's either. */
export function changeableSecret(call: Call, id: string): Secret {
  const secret = readableSecret(call, id);
  if (secret.replicaOf !== undefined) throw ofReplica();
  return secret;
}

export function ofReplica(): AwsError {
  return new AwsError(
    'InvalidRequestException',
    "You can't perform this operation on a replica secret. Use the primary secret instead.",
  );
}

/** What a secret is encrypted with where it names no key ("Secret encryption and decryption in AWS Secrets Manager"). */
const MANAGED_KEY = /(?:^|:)alias\/aws\/secretsmanager$/;

/** Refuses what needs the secret's KMS key while that key is off, or where there is none. */
export function keyServes(
  call: Call,
  { kmsKeyId }: Pick<Secret, 'kmsKeyId'>,
  failure: 'EncryptionFailure' | 'DecryptionFailure',
): void {
  if (kmsKeyId === undefined || MANAGED_KEY.test(kmsKeyId)) return;
  const [, region = call.region, account = call.account] =
    /^arn:[^:]+:kms:([^:]+):(\d+):/.exec(kmsKeyId) ?? [];
  const key = findEncryptionKey(call.world, account, region, kmsKeyId);
  if (key === undefined || region !== call.region)
    throw new AwsError('AccessDeniedException', 'Access to KMS is not allowed');
  if (key.state === 'Enabled') return;
  const verb = failure === 'EncryptionFailure' ? 'encrypt' : 'decrypt';
  throw new AwsError(
    failure,
    `Secrets Manager can't ${verb} the secret value: ${key.arn} is ${key.state === 'Disabled' ? 'disabled' : 'pending deletion'}.`,
  );
}
