import type { Operation } from '../wire/model.ts';
import { withoutSecrets } from '../wire/sensitive.ts';
import type { AwsError, Call } from '../world/service.ts';
import { addEvent, type TrailEvent } from './trail.ts';

/** One answered or refused call, as far as CloudTrail tells of it. */
export interface Answered {
  readonly service: string;
  readonly operation: Operation;
  readonly call: Call;
  /** Without what is secret in it. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly outcome: { readonly output: object } | { readonly error: AwsError };
}

/** Data events, which a lookup never has: objects, log lines, measurements. */
const DATA = /^(s3:.*|logs:(FilterLogEvents|GetLogEvents|PutLogEvents)|monitoring:GetMetricData)$/;
const READS =
  /^(Get|List|Describe|Lookup|BatchGet|Head|Validate|AssumeRole|Sign|Decrypt|Encrypt|GenerateDataKey)/;
/** Services of whose reads one asks later who made them. */
const READS_KEPT: ReadonlySet<string> = new Set(['iam', 'secretsmanager', 'sts']);

/**
 * Writes down a call. Reads that role sessions make of other services are left out: nobody looks them up, and a run
 * makes hundreds of them.
 */
export function recordCall(answered: Answered): void {
  const { service, operation, call } = answered;
  const readOnly = READS.test(operation.name);
  const longLived = call.principal?.accessKeyId?.startsWith('AKIA') ?? false;
  if (DATA.test(`${service}:${operation.name}`)) return;
  if (readOnly && !READS_KEPT.has(service) && !longLived) return;
  const account = call.account || accountIn(answered.input['RoleArn']);
  if (!account) return;
  const request = camel(answered.input);
  const output = 'output' in answered.outcome ? answered.outcome.output : undefined;
  const response = output && !readOnly ? camel(withoutSecrets(operation.output, output)) : null;
  const error = 'error' in answered.outcome ? answered.outcome.error : undefined;
  addEvent(call.world, account, regionOf(service, call), {
    source: `${service}.amazonaws.com`,
    name: operation.name,
    readOnly,
    accessKeyId: call.principal?.accessKeyId,
    username: nameOf(call),
    resources: resourcesIn(service, { ...answered.input, ...memberOf(output, 'AccessKey') }),
    record: {
      userIdentity: identityOf(answered, account),
      awsRegion: regionOf(service, call),
      sourceIPAddress: '127.0.0.1',
      userAgent: call.headers['user-agent'] ?? '',
      ...(error ? { errorCode: error.code, errorMessage: error.message } : {}),
      requestParameters: request,
      responseElements: response,
      requestID: call.requestId,
      eventType: 'AwsApiCall',
    },
  });
}

/** Somebody's own reading of a secret for a task: ECS makes it with the execution role's session. */
export function recordTaskRead(
  { world, account, region }: Pick<Call, 'world' | 'account' | 'region'>,
  read: {
    readonly roleArn: string;
    readonly task: string;
    readonly secretArn: string;
    readonly version: string;
  },
): void {
  const role = read.roleArn.split('/').at(-1) ?? '';
  addEvent(world, account, region, {
    source: 'secretsmanager.amazonaws.com',
    name: 'GetSecretValue',
    readOnly: true,
    accessKeyId: undefined,
    username: read.task,
    resources: [{ type: 'AWS::SecretsManager::Secret', name: read.secretArn }],
    record: {
      userIdentity: {
        type: 'AssumedRole',
        arn: `arn:aws:sts::${account}:assumed-role/${role}/${read.task}`,
        accountId: account,
        sessionContext: {
          sessionIssuer: { type: 'Role', arn: read.roleArn, accountId: account, userName: role },
        },
      },
      awsRegion: region,
      sourceIPAddress: 'ecs-tasks.amazonaws.com',
      userAgent: 'ecs-tasks.amazonaws.com',
      requestParameters: {
        secretId: read.secretArn,
        ...(read.version === '' ? {} : { versionId: read.version }),
      },
      responseElements: null,
      eventType: 'AwsApiCall',
    },
  });
}

/** IAM is global: its events are in the partition's first region alone. */
function regionOf(service: string, { region, principal }: Call): string {
  if (service !== 'iam') return region === '' ? 'us-east-1' : region;
  const partition = principal?.arn.split(':')[1];
  if (partition === 'aws-cn') return 'cn-north-1';
  return partition === 'aws-us-gov' ? 'us-gov-west-1' : 'us-east-1';
}

function nameOf({ principal }: Call): string | undefined {
  return principal?.arn.split('/').at(-1);
}

function identityOf({ input, call }: Answered, accountId: string): Readonly<Record<string, unknown>> {
  const { principal } = call;
  if (!principal) return { type: 'WebIdentityUser', accountId, roleSessionName: input['RoleSessionName'] };
  const { arn, accessKeyId, roleArn } = principal;
  const common = { arn, accountId, ...(accessKeyId === undefined ? {} : { accessKeyId }) };
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (role === undefined) return { type: 'IAMUser', ...common, userName: arn.split('/').at(-1) };
  const issuer = {
    type: 'Role',
    arn: roleArn || `arn:aws:iam::${accountId}:role/${role}`,
    accountId,
    userName: role,
  };
  return { type: 'AssumedRole', ...common, sessionContext: { sessionIssuer: issuer } };
}

const RESOURCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  iam: {
    AccessKeyId: 'AWS::IAM::AccessKey',
    UserName: 'AWS::IAM::User',
    RoleName: 'AWS::IAM::Role',
    PolicyName: 'AWS::IAM::Policy',
  },
  secretsmanager: { SecretId: 'AWS::SecretsManager::Secret', Name: 'AWS::SecretsManager::Secret' },
  sts: { RoleArn: 'AWS::IAM::Role', RoleSessionName: 'AWS::STS::AssumedRole' },
  ec2: { GroupId: 'AWS::EC2::SecurityGroup', VpnConnectionId: 'AWS::EC2::VPNConnection' },
};

function resourcesIn(service: string, said: Readonly<Record<string, unknown>>): TrailEvent['resources'] {
  return Object.entries(RESOURCES[service] ?? {}).flatMap(([member, type]) => {
    const name = said[member];
    return typeof name === 'string' ? [{ type, name }] : [];
  });
}

function memberOf(output: object | undefined, name: string): object {
  return Object(output === undefined ? undefined : Reflect.get(output, name));
}

function accountIn(arn: unknown): string {
  return /^arn:[^:]+:iam::(\d{12}):/.exec(String(arn))?.[1] ?? '';
}

/** Members as CloudTrail spells them, and never a session's token. */
function camel(value: unknown): unknown {
  if (value === '(sensitive)') return 'HIDDEN_DUE_TO_SECURITY_REASONS';
  if (value instanceof Date || value instanceof Uint8Array || typeof value !== 'object' || value === null)
    return value;
  if (Array.isArray(value)) return value.map(camel);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => item !== undefined && key !== 'SessionToken' && key !== 'WebIdentityToken')
      .map(([key, item]) => [key.charAt(0).toLowerCase() + key.slice(1), camel(item)]),
  );
}
