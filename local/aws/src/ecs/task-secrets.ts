import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { refusalOf } from '../authorization/authorize.ts';
import { recordTaskRead } from '../cloudtrail/record.ts';
import { findParameter, parametersOf } from '../parameters/state.ts';
import { findSecret, type Secret, secretsOf } from '../secrets/state.ts';
import type { Principal } from '../world/service.ts';
import type { World } from '../world/world.ts';

/** Who asks for secrets: a task, in its execution role. */
export interface SecretReader {
  readonly account: string;
  readonly region: string;
  readonly task: string;
  readonly executionRoleArn: string | undefined;
}

/**
 * The environment that a container's `secrets` become, or why its task can't start, in ECS's own words
 * ("Amazon ECS stopped task error messages").
 */
export function secretEnvironment(
  world: World,
  reader: SecretReader,
  definition: ContainerDefinition,
): Readonly<Record<string, string>> | string {
  const environment: Record<string, string> = {};
  for (const { name = '', valueFrom = '' } of definition.secrets ?? []) {
    const read = /^arn:[^:]+:secretsmanager:/.test(valueFrom) ? readSecret : readParameter;
    const found = read(world, reader, valueFrom);
    if (found.kind === 'unreadable')
      return `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ${found.why}`;
    environment[name] = found.value;
  }
  return environment;
}

type Read =
  | { readonly kind: 'read'; readonly value: string }
  | { readonly kind: 'unreadable'; readonly why: string };

/** `arn:…:secret:NAME-XXXXXX`, with `:json-key:version-stage:version-id` where given. */
function readSecret(world: World, reader: SecretReader, valueFrom: string): Read {
  const parts = valueFrom.split(':');
  const [key = '', stage = '', version = ''] = parts.slice(7);
  const arn = parts.slice(0, 7).join(':');
  const failed = (error: string): Read =>
    unreadable(
      `unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ${arn} from secrets manager: ${error}`,
    );
  const denied = refusal(world, reader, 'secretsmanager:GetSecretValue', arn);
  if (denied !== undefined) return failed(denied);
  const secret = findSecret(secretsOf(world, reader.account, reader.region), arn);
  if (!secret) return failed("ResourceNotFoundException: Secrets Manager can't find the specified secret.");
  if (secret.deletedAt !== undefined)
    return failed(
      "InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion.",
    );
  const value = valueAt(secret, stage || 'AWSCURRENT', version);
  if (value === undefined)
    return failed(
      `ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: ${stage || 'AWSCURRENT'}`,
    );
  recordTaskRead(
    { world, account: reader.account, region: reader.region },
    { roleArn: reader.executionRoleArn ?? '', task: reader.task, secretArn: arn, version },
  );
  if (key === '') return { kind: 'read', value };
  const member = memberOf(value, key);
  if (member === undefined)
    return unreadable(
      `unable to retrieve secret from asm: retrieved secret from Secrets Manager did not contain json key ${key}`,
    );
  return { kind: 'read', value: member };
}

function valueAt(secret: Secret, stage: string, version: string): string | undefined {
  if (version !== '') return secret.versions[version]?.value;
  return Object.values(secret.versions).find(({ stages }) => stages.includes(stage))?.value;
}

function memberOf(text: string, key: string): string | undefined {
  try {
    const member: unknown = Reflect.get(Object(JSON.parse(text)), key);
    return member === undefined ? undefined : String(member);
  } catch {
    return undefined; // a secret that is no JSON has no keys
  }
}

/** By ARN, or by name where the parameter is in the task's own region. */
function readParameter(world: World, reader: SecretReader, valueFrom: string): Read {
  const { account, region } = reader;
  const failed = (error: string): Read =>
    unreadable(`unable to retrieve secrets from ssm: service call has been retried 1 time(s): ${error}`);
  const arn = valueFrom.startsWith('arn:')
    ? valueFrom
    : `arn:aws:ssm:${region}:${account}:parameter/${valueFrom.replace(/^\//, '')}`;
  const denied = refusal(world, reader, 'ssm:GetParameters', arn);
  if (denied !== undefined) return failed(denied);
  const found = findParameter(parametersOf(world, account, region), valueFrom);
  return found ? { kind: 'read', value: found.value } : failed(`invalid ssm parameters: ${valueFrom}`);
}

/** What IAM says when the execution role may not. */
function refusal(world: World, reader: SecretReader, action: string, resource: string): string | undefined {
  const asking = { world, principal: sessionOf(reader), region: reader.region };
  const refused = refusalOf(asking, [{ action, resource }]);
  return refused && `AccessDeniedException: ${refused}`;
}

/** The session in which ECS does what a task needs before it runs. */
function sessionOf({ account, task, executionRoleArn = '' }: SecretReader): Principal {
  const name = executionRoleArn.split('/').at(-1) ?? '';
  return { account, arn: `arn:aws:sts::${account}:assumed-role/${name}/${task}`, roleArn: executionRoleArn };
}

const unreadable = (why: string): Read => ({ kind: 'unreadable', why });
