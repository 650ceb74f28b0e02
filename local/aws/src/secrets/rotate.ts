import { randomBytes } from 'node:crypto';
import type {
  CancelRotateSecretCommandInput,
  CancelRotateSecretCommandOutput,
  RotateSecretCommandInput,
  RotateSecretCommandOutput,
} from '@aws-sdk/client-secrets-manager';
import { addEvent } from '../cloudtrail/trail.ts';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import type { World } from '../world/world.ts';
import { changeableSecret } from './find.ts';
import { CURRENT, labelled, moveLabel, PENDING } from './labels.ts';
import { replicasBehind } from './replicas.ts';
import { type Secret, secretsOf } from './state.ts';

/** What Secrets Manager asks a rotation function to do, one after the other. */
const ROTATION_STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type RotationStep = (typeof ROTATION_STEPS)[number];

/** What a rotation function does when it is called. */
export interface RotationScript {
  /**
   * `single-user`: the one login gets a new password. `alternating-users`: the other of two logins gets one, and the
   * login in use keeps its own until the next rotation.
   */
  readonly kind: 'single-user' | 'alternating-users';
  /** Virtual seconds that each step takes; 5 when absent. */
  readonly secondsPerStep?: number;
  /** The step at which it fails, every time. */
  readonly failsAt?: RotationStep;
  /** Whether AWSPENDING is taken off in the end. Most functions leave it where AWSCURRENT is. */
  readonly removesPending?: boolean;
}

export const rotationOperations: Readonly<Record<string, Handler>> = {
  RotateSecret: rotateSecret,
  CancelRotateSecret: (
    { SecretId = '' }: CancelRotateSecretCommandInput,
    call,
  ): Output<CancelRotateSecretCommandOutput> => {
    const secret = changeableSecret(call, SecretId);
    if (secret.rotation) secret.rotation.enabled = false;
    call.world.touched();
    return { ARN: secret.arn, Name: secret.name };
  },
};

/** Says what a Lambda function does that secrets name as theirs. */
export function scriptRotation(
  world: World,
  account: string,
  region: string,
  functionArn: string,
  script: RotationScript,
): void {
  scriptsOf(world, account, region)[functionArn] = script;
  world.touched();
}

function scriptsOf(world: World, account: string, region: string): Record<string, RotationScript> {
  return world.state<Record<string, RotationScript>>('rotation-functions', account, region, () => ({}));
}

/** The passwords that the database of a secret takes at this moment, by user. */
export function loginsOf(
  world: World,
  account: string,
  region: string,
  secretName: string,
): Record<string, string> {
  const { bySecret } = world.state<{ readonly bySecret: Record<string, Record<string, string>> }>(
    'database-logins',
    account,
    region,
    () => ({ bySecret: {} }),
  );
  const logins = bySecret[secretName] ?? loginOf(secretsOf(world, account, region)[secretName]);
  bySecret[secretName] = logins;
  return logins;
}

function rotateSecret(input: RotateSecretCommandInput, call: Call): Output<RotateSecretCommandOutput> {
  const { SecretId = '', ClientRequestToken: token, RotationLambdaARN, RotationRules } = input;
  const { world, account, region } = call;
  const secret = changeableSecret(call, SecretId);
  if (token === undefined || token.length < 32 || token.length > 64)
    throw new AwsError('InvalidParameterException', 'ClientRequestToken must be 32-64 characters long.');
  const functionArn = RotationLambdaARN ?? secret.rotation?.functionArn;
  if (functionArn === undefined && secret.owningService === undefined)
    throw new AwsError(
      'InvalidRequestException',
      'No Lambda rotation function ARN is associated with this secret.',
    );
  const script = scriptsOf(world, account, region)[functionArn ?? ''];
  if (!script && secret.owningService === undefined)
    throw new AwsError(
      'AccessDeniedException',
      'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
    );
  const answer = { ARN: secret.arn, Name: secret.name, VersionId: token };
  const pending = labelled(secret, PENDING);
  if (pending !== undefined && pending !== token && pending !== labelled(secret, CURRENT))
    throw new AwsError(
      'InvalidRequestException',
      'A previous rotation isn’t complete. That rotation will be reattempted.',
    );
  secret.rotation = {
    enabled: true,
    functionArn,
    rules: RotationRules ?? secret.rotation?.rules ?? {},
    last: secret.rotation?.last,
  };
  world.touched();
  if (input.RotateImmediately === false || secret.versions[token]) return answer;
  secret.versions[token] = { stages: [], createdAt: world.clock.now() };
  moveLabel(secret, PENDING, token);
  secret.changedAt = world.clock.now();
  begin({ world, account, region, secret, token }, script ?? { kind: 'single-user' });
  return answer;
}

interface Underway {
  readonly world: World;
  readonly account: string;
  readonly region: string;
  readonly secret: Secret;
  readonly token: string;
}

function begin(underway: Underway, script: RotationScript): void {
  const pause = (script.secondsPerStep ?? 5) * 1_000;
  loginsOf(underway.world, underway.account, underway.region, underway.secret.name);
  tell(underway, 'RotationStarted');
  const next = (index: number) => {
    const step = ROTATION_STEPS[index];
    if (step === undefined) return;
    underway.world.clock.after(pause, () => {
      if (underway.secret.deletedAt !== undefined) return;
      if (script.failsAt === step) {
        tell(underway, 'RotationFailed', { rotationStep: step });
        return;
      }
      take(step, underway, script);
      underway.world.touched();
      next(index + 1);
    });
  };
  next(0);
}

function take(
  step: RotationStep,
  { world, account, region, secret, token }: Underway,
  script: RotationScript,
): void {
  const version = secret.versions[token];
  if (!version) return;
  if (step === 'createSecret') version.value = nextValue(secret, script);
  if (step === 'setSecret')
    Object.assign(loginsOf(world, account, region, secret.name), loginIn(version.value));
  if (step !== 'finishSecret') return;
  moveLabel(secret, CURRENT, token);
  if (script.removesPending) moveLabel(secret, PENDING, undefined);
  if (secret.rotation) secret.rotation.last = world.clock.now();
  secret.changedAt = world.clock.now();
  replicasBehind(world, secret);
  tell({ world, account, region, secret, token }, 'RotationSucceeded');
}

/** What Secrets Manager itself writes into CloudTrail of a rotation ("AWS CloudTrail entries for Secrets Manager"). */
function tell(
  { world, account, region, secret, token }: Underway,
  name: 'RotationStarted' | 'RotationSucceeded' | 'RotationFailed',
  more: Readonly<Record<string, string>> = {},
): void {
  addEvent(world, account, region, {
    source: 'secretsmanager.amazonaws.com',
    name,
    readOnly: false,
    accessKeyId: undefined,
    username: undefined,
    resources: [{ type: 'AWS::SecretsManager::Secret', name: secret.arn }],
    record: {
      userIdentity: { accountId: account, invokedBy: 'secretsmanager.amazonaws.com' },
      awsRegion: region,
      eventType: 'AwsServiceEvent',
      additionalEventData: { SecretId: secret.arn, ClientRequestToken: token, ...more },
    },
  });
}

function nextValue(secret: Secret, { kind }: RotationScript): string {
  const password = randomBytes(18).toString('base64url');
  const current = parsed(secret.versions[labelled(secret, CURRENT) ?? '']?.value);
  if (!current) return password;
  const username = String(current['username'] ?? '');
  const other = username.endsWith('_clone') ? username.replace(/_clone$/, '') : `${username}_clone`;
  return JSON.stringify({
    ...current,
    username: kind === 'alternating-users' ? other : username,
    password,
  });
}

function loginOf(secret: Secret | undefined): Record<string, string> {
  return secret ? loginIn(secret.versions[labelled(secret, CURRENT) ?? '']?.value) : {};
}

function loginIn(value: string | undefined): Record<string, string> {
  const { username = '', password = value ?? '' } = parsed(value) ?? {};
  return { [String(username)]: String(password) };
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined; // a secret that is no JSON has a password alone
  }
}
