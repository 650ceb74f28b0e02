import type {
  DeleteAlarmsCommandInput,
  DescribeAlarmsCommandInput,
  PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import type { GetLogEventsCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import type { SignCommandInput } from '@aws-sdk/client-kms';
import type { GetParametersCommandInput } from '@aws-sdk/client-ssm';
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { findEncryptionKey } from '../../kms/encryption-keys.ts';
import { findKey } from '../../kms/state.ts';
import { logStore } from '../../logs/state.ts';
import { findParameter, parametersOf } from '../../parameters/state.ts';
import type { Context } from '../../policy/context.ts';
import type { Call } from '../../world/service.ts';
import type { Ask, Asks } from '../ask.ts';

/** "Actions, resources, and condition keys for AWS Key Management Service". The key's own policy has to allow it too. */
export const kmsAsks: Readonly<Record<string, Asks>> = {
  Sign: ({ KeyId = '', MessageType = 'RAW', SigningAlgorithm }: SignCommandInput, call) => [
    ofKey('kms:Sign', KeyId, call, {
      'kms:SigningAlgorithm': SigningAlgorithm,
      'kms:MessageType': MessageType,
    }),
  ],
  GetPublicKey: ({ KeyId = '' }: { readonly KeyId?: string }, call) => [
    ofKey('kms:GetPublicKey', KeyId, call),
  ],
  DescribeKey: ({ KeyId = '' }: { readonly KeyId?: string }, call) => [ofKey('kms:DescribeKey', KeyId, call)],
  GetKeyPolicy: ({ KeyId = '' }: { readonly KeyId?: string }, call) => [
    ofKey('kms:GetKeyPolicy', KeyId, call),
  ],
};

function ofKey(action: string, keyId: string, call: Call, context: Context = {}): Ask {
  const { world, account, region, principal } = call;
  const key = findEncryptionKey(world, account, region, keyId) ?? findKey(world, account, region, keyId);
  return {
    action,
    resource: key.arn,
    context: {
      'kms:CallerAccount': principal?.account,
      'kms:RequestAlias': keyId.startsWith('alias/') ? keyId : undefined,
      'kms:ViaService': undefined,
      ...context,
    },
  };
}

/** Anybody may ask who they are, whatever a policy says ("GetCallerIdentity", AWS STS API reference). */
export const stsAsks: Readonly<Record<string, Asks>> = {
  GetCallerIdentity: () => [],
  // not signed: the token says who asks, and the operation itself asks the role's trust
  AssumeRoleWithWebIdentity: () => [],
  AssumeRole: (input: AssumeRoleCommandInput, { principal }) => {
    const { RoleArn = '', RoleSessionName, ExternalId, SourceIdentity } = input;
    const identity = { 'sts:SourceIdentity': SourceIdentity ?? principal?.sourceIdentity };
    return [
      {
        action: 'sts:AssumeRole',
        resource: RoleArn,
        // the name of a session is a condition key of AssumeRole alone
        context: { ...identity, 'sts:RoleSessionName': RoleSessionName, 'sts:ExternalId': ExternalId },
      },
      ...(SourceIdentity === undefined
        ? []
        : [{ action: 'sts:SetSourceIdentity', resource: RoleArn, context: identity }]),
    ];
  },
};

export const ssmAsks: Readonly<Record<string, Asks>> = {
  GetParameters: ({ Names = [] }: GetParametersCommandInput, { world, account, region }) =>
    Names.map((name) => ({
      action: 'ssm:GetParameters',
      resource:
        findParameter(parametersOf(world, account, region), name)?.arn ??
        (name.startsWith('arn:')
          ? name
          : `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`),
      resourceTags: {},
    })),
};

export const logsAsks: Readonly<Record<string, Asks>> = {
  CreateLogGroup: (
    { logGroupName, tags }: OfLogGroup & { readonly tags?: Readonly<Record<string, string>> },
    call,
  ) => [
    {
      ...ofLogGroup('CreateLogGroup', { logGroupName }, call),
      ...(tags && { requestTags: tags }),
    },
  ],
  ...Object.fromEntries(
    ['DeleteLogGroup', 'PutRetentionPolicy', 'DeleteRetentionPolicy'].map((name) => [
      name,
      (input: OfLogGroup, call: Call) => [ofLogGroup(name, input, call)],
    ]),
  ),
  GetLogEvents: (
    { logGroupName = '', logStreamName = '' }: GetLogEventsCommandInput,
    { account, region },
  ) => [
    {
      action: 'logs:GetLogEvents',
      resource: `arn:aws:logs:${region}:${account}:log-group:${logGroupName}:log-stream:${logStreamName}`,
    },
  ],
};

const alarmArn = ({ account, region }: Call, name = '') =>
  `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;

interface OfLogGroup {
  readonly logGroupName?: string | undefined;
}

function ofLogGroup(operation: string, { logGroupName = '' }: OfLogGroup, call: Call): Ask {
  const { world, account, region } = call;
  return {
    action: `logs:${operation}`,
    resource: `arn:aws:logs:${region}:${account}:log-group:${logGroupName}`,
    resourceTags: logStore(world, account, region).groups[logGroupName]?.tags ?? {},
  };
}

export const cloudwatchAsks: Readonly<Record<string, Asks>> = {
  DescribeAlarms: ({ AlarmNames }: DescribeAlarmsCommandInput, { account, region }) =>
    (AlarmNames ?? ['*']).map((name) => ({
      action: 'cloudwatch:DescribeAlarms',
      resource: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`,
    })),
  PutMetricAlarm: ({ AlarmName, AlarmActions, Tags }: PutMetricAlarmCommandInput, call) => [
    {
      action: 'cloudwatch:PutMetricAlarm',
      resource: alarmArn(call, AlarmName),
      context: { 'cloudwatch:AlarmActions': AlarmActions },
      resourceTags: {},
      ...(Tags && { requestTags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])) }),
    },
  ],
  DeleteAlarms: ({ AlarmNames = [] }: DeleteAlarmsCommandInput, call) =>
    AlarmNames.map((name) => ({
      action: 'cloudwatch:DeleteAlarms',
      resource: alarmArn(call, name),
      resourceTags: {},
    })),
  GetMetricData: () => [
    {
      action: 'cloudwatch:GetMetricData',
      resource: '*',
      context: { 'cloudwatch:HasAccessGrant': undefined },
    },
  ],
};
