import { idOf } from '../iam/state.ts';
import type { World } from '../world/world.ts';

/** A symmetric key that Secrets Manager encrypts with. Nothing is encrypted here; a key that is off stops its secrets. */
export interface EncryptionKey {
  readonly id: string;
  readonly arn: string;
  /** `alias/…` */
  readonly alias: string;
  readonly created: number;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion';
}

function keysOf(world: World, account: string, region: string): Record<string, EncryptionKey> {
  return world.state<Record<string, EncryptionKey>>('kms-encryption', account, region, () => ({}));
}

/** Makes a symmetric key under an alias; one that exists is kept. */
export function putEncryptionKey(
  world: World,
  account: string,
  region: string,
  alias: string,
): { readonly arn: string } {
  const keys = keysOf(world, account, region);
  const id = keys[alias]?.id ?? `key-${idOf(`${account}${region}${alias}`).toLowerCase()}`;
  const key: EncryptionKey = keys[alias] ?? {
    id,
    arn: `arn:aws:kms:${region}:${account}:key/${id}`,
    alias,
    created: world.clock.now(),
    state: 'Enabled',
  };
  keys[alias] = key;
  world.touched();
  return { arn: key.arn };
}

/** Turns a key off or on, or schedules its deletion, as somebody may have done. */
export function setKeyState(
  world: World,
  account: string,
  region: string,
  keyId: string,
  state: EncryptionKey['state'],
): void {
  const key = findEncryptionKey(world, account, region, keyId);
  if (!key) throw new Error(`no encryption key "${keyId}"`);
  key.state = state;
  world.touched();
}

/** By id, ARN, alias or the alias's ARN. */
export function findEncryptionKey(
  world: World,
  account: string,
  region: string,
  keyId: string,
): EncryptionKey | undefined {
  return Object.values(keysOf(world, account, region)).find(
    ({ id, arn, alias }) =>
      keyId === id || keyId === arn || keyId === alias || keyId.endsWith(`:${region}:${account}:${alias}`),
  );
}
