import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { PolicyDocument } from '../policy/document.ts';
import { demandQuota } from '../policy/quotas.ts';
import { AwsError } from '../world/service.ts';
import type { World } from '../world/world.ts';

/** An asymmetric signing key on P-256. */
export interface SigningKey {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly description: string;
  /** `alias/…` */
  readonly alias: string;
  /** PKCS #8 in PEM. */
  readonly privateKey: string;
  readonly policy: PolicyDocument;
  /** `Enabled` when absent. */
  readonly state?: 'Enabled' | 'Disabled' | 'PendingDeletion';
  /** Milliseconds since the epoch. */
  readonly created: number;
}

interface KmsState {
  readonly keys: Record<string, SigningKey>;
}

export function kmsOf(world: World, account: string, region: string): KmsState {
  return world.state<KmsState>('kms', account, region, () => ({ keys: {} }));
}

export interface KeySeed {
  readonly partition: string;
  readonly alias: string;
  readonly description: string;
  readonly policy: PolicyDocument;
}

/** Makes a signing key under an alias, or replaces the policy of the one that is there. */
export function putSigningKey(world: World, account: string, region: string, seed: KeySeed): SigningKey {
  demandQuota('key policy of', seed.alias, [seed.policy]);
  const { keys } = kmsOf(world, account, region);
  const known = Object.values(keys).find(({ alias }) => alias === seed.alias);
  const id = known?.id ?? randomUUID();
  const { partition, ...said } = seed;
  const key: SigningKey = {
    ...said,
    id,
    account,
    arn: `arn:${partition}:kms:${region}:${account}:key/${id}`,
    privateKey: known?.privateKey ?? newPrivateKey(),
    created: known?.created ?? world.clock.now(),
    ...(known?.state && { state: known.state }),
  };
  keys[id] = key;
  world.touched();
  return key;
}

/** Makes a signing key that has no alias yet. */
export function makeSigningKey(
  world: World,
  account: string,
  region: string,
  { partition, ...said }: Omit<KeySeed, 'alias'>,
): SigningKey {
  const id = randomUUID();
  const key: SigningKey = {
    ...said,
    id,
    account,
    alias: '',
    arn: `arn:${partition}:kms:${region}:${account}:key/${id}`,
    privateKey: newPrivateKey(),
    created: world.clock.now(),
  };
  return editKey(world, region, key, {});
}

/** Changes what a key says of itself. */
export function editKey(
  world: World,
  region: string,
  key: SigningKey,
  change: Partial<Pick<SigningKey, 'alias' | 'policy' | 'description' | 'state'>>,
): SigningKey {
  const changed = { ...key, ...change };
  kmsOf(world, key.account, region).keys[key.id] = changed;
  world.touched();
  return changed;
}

/** Finds a key by id, key ARN, alias or alias ARN. An ARN may lead to another account; its policy then decides. */
export function findKey(world: World, account: string, region: string, keyId: string): SigningKey {
  const [, , , arnRegion, arnAccount, name] = keyId.split(':');
  const byArn = keyId.startsWith('arn:');
  const wanted = byArn ? (name ?? '') : keyId.startsWith('alias/') ? keyId : `key/${keyId}`;
  const owner = byArn ? (arnAccount ?? '') : account;
  if (byArn && arnRegion !== region) throw new AwsError('NotFoundException', `Invalid arn ${arnRegion}`);
  const keys = world.accounts.has(owner) ? Object.values(kmsOf(world, owner, region).keys) : [];
  const found = keys.find((key) => wanted === key.alias || wanted === `key/${key.id}`);
  if (found) return found;
  const full = byArn ? keyId : `arn:aws:kms:${region}:${account}:${wanted}`;
  const message = wanted.startsWith('alias/')
    ? `Alias ${full} is not found.`
    : `Key '${full}' does not exist`;
  throw new AwsError('NotFoundException', message);
}

function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
