import { idOf } from '../iam/state.ts';
import type { World } from '../world/world.ts';

/** A secret of Secrets Manager. */
export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  /** Milliseconds since the epoch, as every moment here. */
  readonly createdAt: number;
  changedAt: number;
  /** When its deletion was asked for: nobody can read it any more. */
  deletedAt: number | undefined;
  /** When it is gone for good. */
  goneAt?: number | undefined;
  readonly kmsKeyId: string | undefined;
  tags: Readonly<Record<string, string>>;
  /** By version id. */
  versions: Record<string, Version>;
  /** When a value was last answered. */
  accessedAt?: number;
  rotation?: Rotation;
  /** Where else its values are, by region. */
  readonly replicas?: Record<string, Replica>;
  /** The region of the secret that this one is a replica of. */
  readonly replicaOf?: string;
  /** The service that made it and rotates it. */
  readonly owningService?: string;
}

export interface Version {
  /** Absent in a version that a rotation has begun and its function has not filled. */
  value?: string;
  /** Bytes in base64, in place of a text. */
  binary?: string;
  stages: string[];
  /** Absent in versions that were saved before it was kept. */
  readonly createdAt?: number;
  accessedAt?: number;
}

export interface Rotation {
  enabled: boolean;
  readonly functionArn: string | undefined;
  readonly rules: {
    readonly AutomaticallyAfterDays?: number | undefined;
    readonly Duration?: string | undefined;
    readonly ScheduleExpression?: string | undefined;
  };
  last: number | undefined;
}

export interface Replica {
  readonly kmsKeyId: string | undefined;
  /** When the latest values are there too. */
  syncedAt: number;
  /** Why they will not be. */
  failure: string | undefined;
}

export interface SecretSeed {
  readonly name: string;
  /** Text, or JSON whose keys a container definition may name. Absent: a secret without a value. */
  readonly value?: string;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly owningService?: string;
  /** The Lambda function that rotates it, every so many days. */
  readonly rotation?: { readonly functionArn: string; readonly everyDays: number };
}

/** By name. */
export function secretsOf(world: World, account: string, region: string): Record<string, Secret> {
  return world.state<Record<string, Secret>>('secretsmanager', account, region, () => ({}));
}

/** Makes a secret; one that exists is kept. AWS adds six characters to the ARN, here the same ones on every machine. */
export function seedSecret(
  world: World,
  account: string,
  region: string,
  seed: SecretSeed,
): { readonly arn: string } {
  const secrets = secretsOf(world, account, region);
  const suffix = idOf(`${account}/${seed.name}`).slice(0, 6);
  const secret: Secret = secrets[seed.name] ?? {
    name: seed.name,
    arn: `arn:aws:secretsmanager:${region}:${account}:secret:${seed.name}-${suffix}`,
    description: seed.description ?? '',
    createdAt: world.clock.now(),
    changedAt: world.clock.now(),
    deletedAt: undefined,
    kmsKeyId: seed.kmsKeyId,
    tags: seed.tags ?? {},
    versions:
      seed.value === undefined
        ? {}
        : {
            [versionId(seed.name)]: {
              value: seed.value,
              stages: ['AWSCURRENT'],
              createdAt: world.clock.now(),
            },
          },
    replicas: {},
    ...(seed.owningService === undefined ? {} : { owningService: seed.owningService }),
    ...(seed.rotation === undefined
      ? {}
      : {
          rotation: {
            enabled: true,
            functionArn: seed.rotation.functionArn,
            rules: { AutomaticallyAfterDays: seed.rotation.everyDays },
            last: undefined,
          },
        }),
  };
  secrets[seed.name] = secret;
  world.touched();
  return { arn: secret.arn };
}

/** Schedules its deletion, as somebody may have done. */
export function deleteSecret(world: World, account: string, region: string, name: string): void {
  const secret = secretsOf(world, account, region)[name];
  if (!secret) throw new Error(`no secret "${name}" to delete`);
  secret.deletedAt = world.clock.now();
  secret.goneAt = world.clock.now() + 30 * 86_400_000;
  world.touched();
}

/** By name, by whole ARN, or by the ARN without its six characters. */
export function findSecret(secrets: Readonly<Record<string, Secret>>, id: string): Secret | undefined {
  return Object.values(secrets).find(
    ({ name, arn }) => id === name || id === arn || id === arn.replace(/-[A-Za-z0-9]{6}$/, ''),
  );
}

function versionId(name: string): string {
  const letters = Buffer.from(idOf(name)).toString('hex');
  return [8, 4, 4, 4, 12]
    .map((length, i) => letters.slice(i * 2, i * 2 + length).padEnd(length, '0'))
    .join('-');
}
