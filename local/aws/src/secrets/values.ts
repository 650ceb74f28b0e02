import type {
  CreateSecretCommandInput,
  CreateSecretCommandOutput,
  GetSecretValueCommandInput,
  GetSecretValueCommandOutput,
  PutSecretValueCommandInput,
  PutSecretValueCommandOutput,
} from '@aws-sdk/client-secrets-manager';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { changeableSecret, keyServes, readableSecret, secretOf } from './find.ts';
import { CURRENT, dropDeprecated, labelled, moveLabel } from './labels.ts';
import { replicasBehind, replicationOf } from './replicas.ts';
import { replicate } from './replicate.ts';
import { type Secret, secretsOf, seedSecret, type Version } from './state.ts';

const LARGEST = 65_536; // bytes of a value ("AWS Secrets Manager quotas")

/** Values, and the versions that they make. */
export const valueOperations: Readonly<Record<string, Handler>> = {
  CreateSecret: createSecret,
  PutSecretValue: putSecretValue,
  GetSecretValue: getSecretValue,
};

interface Said {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
  readonly ClientRequestToken?: string | undefined;
}

/** The same request twice makes one secret. */
function createSecret(input: CreateSecretCommandInput, call: Call): Output<CreateSecretCommandOutput> {
  const { Name = '', Description, KmsKeyId, Tags = [], AddReplicaRegions = [] } = input;
  const { world, account, region } = call;
  const valued = input.SecretString !== undefined || input.SecretBinary !== undefined;
  const token = valued ? tokenOf(input) : undefined;
  const known = secretsOf(world, account, region)[Name];
  if (known && stillThere(call, Name)) {
    if (known.deletedAt !== undefined)
      throw new AwsError(
        'InvalidRequestException',
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    const first = token === undefined ? undefined : known.versions[token];
    if (first && sameValue(first, input)) return created(call, known, token);
    throw new AwsError(
      'ResourceExistsException',
      `The operation failed because the secret ${Name} already exists.`,
    );
  }
  if (valued) keyServes(call, { kmsKeyId: KmsKeyId }, 'EncryptionFailure');
  seedSecret(world, account, region, {
    name: Name,
    ...(Description === undefined ? {} : { description: Description }),
    ...(KmsKeyId === undefined ? {} : { kmsKeyId: KmsKeyId }),
    tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
  });
  const secret = secretOf(call, Name);
  if (token !== undefined) addVersion(call, secret, token, input, [CURRENT]);
  if (AddReplicaRegions.length > 0)
    replicate(
      { SecretId: Name, AddReplicaRegions, ForceOverwriteReplicaSecret: input.ForceOverwriteReplicaSecret },
      call,
    );
  return created(call, secret, token);
}

function created(call: Call, secret: Secret, token: string | undefined): Output<CreateSecretCommandOutput> {
  const replication = replicationOf(call.world, secret);
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(token === undefined ? {} : { VersionId: token }),
    ...(replication.length === 0 ? {} : { ReplicationStatus: replication }),
  };
}

function stillThere(call: Call, name: string): boolean {
  try {
    return secretOf(call, name) !== undefined;
  } catch {
    return false; // past its end: gone by now
  }
}

/** A token names a version: with the same value again it changes nothing, with another value it is refused. */
function putSecretValue(input: PutSecretValueCommandInput, call: Call): Output<PutSecretValueCommandOutput> {
  const secret = changeableSecret(call, input.SecretId ?? '');
  if (input.SecretString === undefined && input.SecretBinary === undefined)
    throw new AwsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
  const token = tokenOf(input);
  keyServes(call, secret, 'EncryptionFailure');
  const known = secret.versions[token];
  const filled = known !== undefined && (known.value !== undefined || known.binary !== undefined);
  if (filled && !sameValue(known, input))
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  if (!filled) {
    const first = Object.keys(secret.versions).length === 0;
    const asked = input.VersionStages ?? [CURRENT];
    addVersion(call, secret, token, input, first ? [...new Set([...asked, CURRENT])] : asked);
  }
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: token,
    VersionStages: [...(secret.versions[token]?.stages ?? [])],
  };
}

function addVersion(
  { world }: Call,
  secret: Secret,
  id: string,
  { SecretString, SecretBinary }: Said,
  stages: readonly string[],
): void {
  const size = SecretString === undefined ? (SecretBinary?.length ?? 0) : Buffer.byteLength(SecretString);
  if (size > LARGEST)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to ${LARGEST}`,
    );
  secret.versions[id] = {
    ...(SecretString === undefined
      ? { binary: Buffer.from(SecretBinary ?? []).toString('base64') }
      : { value: SecretString }),
    stages: [...(secret.versions[id]?.stages ?? [])],
    createdAt: world.clock.now(),
  };
  for (const stage of stages) moveLabel(secret, stage, id);
  dropDeprecated(secret, world.clock.now());
  changed(world, secret);
}

export function changed(world: Call['world'], secret: Secret): void {
  secret.changedAt = world.clock.now();
  replicasBehind(world, secret);
  world.touched();
}

function sameValue({ value, binary }: Version, { SecretString, SecretBinary }: Said): boolean {
  if (SecretString !== undefined) return value === SecretString;
  return binary === Buffer.from(SecretBinary ?? []).toString('base64');
}

/** The SDK makes one up; somebody who signs requests by hand must bring it. */
function tokenOf({ ClientRequestToken }: Said): string {
  if (ClientRequestToken === undefined)
    throw new AwsError(
      'InvalidRequestException',
      'You must provide a ClientRequestToken value. We recommend a UUID-type value.',
    );
  if (ClientRequestToken.length < 32 || ClientRequestToken.length > 64)
    throw new AwsError('InvalidParameterException', 'ClientRequestToken must be 32-64 characters long.');
  return ClientRequestToken;
}

function getSecretValue(
  { SecretId = '', VersionId, VersionStage }: GetSecretValueCommandInput,
  call: Call,
): Output<GetSecretValueCommandOutput> {
  const secret = readableSecret(call, SecretId);
  const id = VersionId ?? labelled(secret, VersionStage ?? CURRENT);
  const version = id === undefined ? undefined : secret.versions[id];
  if (version && VersionStage !== undefined && !version.stages.includes(VersionStage))
    throw new AwsError(
      'InvalidRequestException',
      'You provided a VersionStage that is not associated to the provided VersionId.',
    );
  if (id === undefined || !version || (version.value === undefined && version.binary === undefined))
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${VersionId === undefined ? `staging label: ${VersionStage ?? CURRENT}` : `VersionId: ${VersionId}`}`,
    );
  keyServes(call, secret, 'DecryptionFailure');
  version.accessedAt = call.world.clock.now();
  secret.accessedAt = version.accessedAt;
  call.world.touched();
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: id,
    ...(version.binary === undefined
      ? { SecretString: version.value ?? '' }
      : { SecretBinary: new Uint8Array(Buffer.from(version.binary, 'base64')) }),
    VersionStages: [...version.stages],
    CreatedDate: new Date(version.createdAt ?? secret.createdAt),
  };
}
