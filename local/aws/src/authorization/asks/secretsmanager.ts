import type {
  CreateSecretCommandInput,
  DeleteSecretCommandInput,
  GetSecretValueCommandInput,
  ReplicateSecretToRegionsCommandInput,
  RotateSecretCommandInput,
  Tag,
  TagResourceCommandInput,
  UntagResourceCommandInput,
  UpdateSecretVersionStageCommandInput,
} from '@aws-sdk/client-secrets-manager';
import type { Context } from '../../policy/context.ts';
import { findSecret, secretsOf } from '../../secrets/state.ts';
import type { Call } from '../../world/service.ts';
import type { Ask, Asks } from '../ask.ts';

interface OfSecret {
  readonly SecretId?: string | undefined;
}

const PLAIN = [
  'DescribeSecret',
  'RestoreSecret',
  'PutSecretValue',
  'ListSecretVersionIds',
  'RemoveRegionsFromReplication',
  'CancelRotateSecret',
] as const;

/** "Actions, resources, and condition keys for AWS Secrets Manager". */
export const secretsmanagerAsks: Readonly<Record<string, Asks>> = {
  ...Object.fromEntries(
    PLAIN.map((name) => [name, (input: OfSecret, call: Call) => [about(name, input, call)]]),
  ),
  GetSecretValue: (input: GetSecretValueCommandInput, call) => [
    about('GetSecretValue', input, call, {
      'secretsmanager:VersionId': input.VersionId,
      'secretsmanager:VersionStage': input.VersionStage,
    }),
  ],
  UpdateSecretVersionStage: (input: UpdateSecretVersionStageCommandInput, call) => [
    about('UpdateSecretVersionStage', input, call, { 'secretsmanager:VersionStage': input.VersionStage }),
  ],
  DeleteSecret: (input: DeleteSecretCommandInput, call) => [
    about('DeleteSecret', input, call, {
      'secretsmanager:ForceDeleteWithoutRecovery': flag(input.ForceDeleteWithoutRecovery),
      'secretsmanager:RecoveryWindowInDays':
        input.RecoveryWindowInDays === undefined ? undefined : String(input.RecoveryWindowInDays),
    }),
  ],
  RotateSecret: rotateSecret,
  ReplicateSecretToRegions: (input: ReplicateSecretToRegionsCommandInput, call) => [
    about('ReplicateSecretToRegions', input, call, {
      'secretsmanager:AddReplicaRegions': input.AddReplicaRegions?.flatMap(({ Region }) => Region ?? []),
      'secretsmanager:ForceOverwriteReplicaSecret': flag(input.ForceOverwriteReplicaSecret),
    }),
  ],
  TagResource: (input: TagResourceCommandInput, call) => [
    { ...about('TagResource', input, call), requestTags: tagsIn(input.Tags) },
  ],
  UntagResource: (input: UntagResourceCommandInput, call) => [
    about('UntagResource', input, call, { 'aws:TagKeys': input.TagKeys }),
  ],
  CreateSecret: createSecret,
};

function rotateSecret(input: RotateSecretCommandInput, call: Call): readonly Ask[] {
  const functionArn = input.RotationLambdaARN ?? secretOf(input, call)?.rotation?.functionArn;
  return [
    about('RotateSecret', input, call, {
      'secretsmanager:RotationLambdaARN': input.RotationLambdaARN,
      'secretsmanager:ModifyRotationRules': String(input.RotationRules !== undefined),
      'secretsmanager:RotateImmediately': flag(input.RotateImmediately),
      'secretsmanager:ExternalSecretRotationRoleArn': undefined,
    }),
    // "RotateSecret" (AWS Secrets Manager API reference): the caller must be allowed to invoke the function
    ...(functionArn === undefined ? [] : [{ action: 'lambda:InvokeFunction', resource: functionArn }]),
  ];
}

function createSecret(input: CreateSecretCommandInput, call: Call): readonly Ask[] {
  const { Name = '', Tags } = input;
  const requestTags = tagsIn(Tags);
  const of = (action: string, context: Context): Ask => ({
    ...about(action, { SecretId: Name }, call, context),
    requestTags,
  });
  return [
    of('CreateSecret', {
      'secretsmanager:Name': Name,
      'secretsmanager:Description': input.Description,
      'secretsmanager:KmsKeyId': input.KmsKeyId,
      'secretsmanager:AddReplicaRegions': input.AddReplicaRegions?.flatMap(({ Region }) => Region ?? []),
      'secretsmanager:ForceOverwriteReplicaSecret': flag(input.ForceOverwriteReplicaSecret),
    }),
    ...(Object.keys(requestTags).length > 0 ? [of('TagResource', {})] : []),
  ];
}

/**
 * A secret by its ARN, with the six characters at its end. About a name that no secret has, IAM is
 * asked about the secret that would have it, so that who may see it hears that it is not there. Assumes
 * secretsmanager-denies-by-name.
 */
function about(operation: string, input: OfSecret, call: Call, context: Context = {}): Ask {
  const { SecretId = '' } = input;
  const found = secretOf(input, call);
  const named = SecretId.startsWith('arn:')
    ? SecretId
    : `arn:aws:secretsmanager:${call.region}:${call.account}:secret:${SecretId}-AbCdEf`;
  return {
    action: `secretsmanager:${operation}`,
    resource: found?.arn ?? named,
    context: {
      'secretsmanager:SecretId': SecretId,
      'secretsmanager:SecretPrimaryRegion': found?.replicaOf ?? call.region,
      'secretsmanager:resource/AllowRotationLambdaArn': found?.rotation?.functionArn,
      ...context,
    },
    resourceTags: found?.tags ?? {},
  };
}

function secretOf({ SecretId = '' }: OfSecret, { world, account, region }: Call) {
  return findSecret(secretsOf(world, account, region), SecretId);
}

function tagsIn(tags: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

const flag = (value: boolean | undefined) => (value === undefined ? undefined : String(value));
