import type { PolicyDocument } from '../policy/document.ts';
import { demandQuota } from '../policy/quotas.ts';
import { draw } from '../world/draw.ts';
import { AwsError, type Call } from '../world/service.ts';
import type { World } from '../world/world.ts';
import { idOf } from './state.ts';

/** An IAM user: somebody or something that signs with long-lived keys. */
export interface User {
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  /** Milliseconds since the epoch, as every moment here. */
  readonly created: number;
  tags: Record<string, string>;
  /** Inline policies by name. */
  readonly policies: Record<string, PolicyDocument>;
  readonly keys: UserKey[];
}

/** An access key of a user. Its secret is with the other keys of the world. */
export interface UserKey {
  readonly accessKeyId: string;
  readonly created: number;
  /** Every status that was asked for, the oldest first. */
  readonly statuses: { readonly at: number; readonly status: KeyStatus }[];
  deleted: number | undefined;
  /** Uses as IAM writes them down: one within fifteen minutes of the last is left out. */
  readonly uses: { readonly at: number; readonly service: string; readonly region: string }[];
}

export type KeyStatus = 'Active' | 'Inactive';

/** How late IAM's parts learn what another part did, in virtual milliseconds. */
export interface KeyDelays {
  /** A new key is refused until then. */
  usable: number;
  /** A key that was disabled, enabled or deleted goes on as it was until then. */
  changed: number;
  /** ListAccessKeys tells an older truth than CreateAccessKey for so long. */
  listed: number;
  /** GetAccessKeyLastUsed does not know of a use until then. */
  lastUsed: number;
}

export interface UserSeed {
  readonly name: string;
  readonly path?: string;
  readonly partition?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Inline policies by name: without any, a user may do nothing. */
  readonly policies?: Readonly<Record<string, PolicyDocument>>;
}

/** By name: unique in an account, whatever the path. */
export function usersOf(world: World, account: string): Record<string, User> {
  return world.state<Record<string, User>>('iam-users', account, '', () => ({}));
}

/** AWS promises no figure for any of them; a test may set its own, 0 included. */
export function keyDelays(world: World): KeyDelays {
  return world.state<KeyDelays>('iam-delays', '', '', () => ({
    usable: 8_000,
    changed: 5_000,
    listed: 2_000,
    lastUsed: 10 * 60_000,
  }));
}

/** Delays of their own for one seed, none longer than half as much again. */
export function drawKeyDelays(world: World, seed: string): void {
  const delays = keyDelays(world);
  for (const name of ['usable', 'changed', 'listed'] as const)
    delays[name] = Math.round(delays[name] * (0.5 + draw(seed, 'access keys', name)));
}

/** Makes a user without keys; one that exists is kept. */
export function seedUser(world: World, account: string, seed: UserSeed): User {
  const { name, path = '/', partition = 'aws', tags = {}, policies = {} } = seed;
  demandQuota('inline policies of user', name, Object.values(policies));
  const users = usersOf(world, account);
  const user: User = users[name] ?? {
    name,
    path,
    arn: `arn:${partition}:iam::${account}:user${path}${name}`,
    id: `AIDA${idOf(`${account}${path}${name}`)}`,
    created: world.clock.now(),
    tags: { ...tags },
    policies: { ...policies },
    keys: [],
  };
  users[name] = user;
  world.touched();
  return user;
}

/** The user that a call names, or the caller's own where it names none. */
export function findUser({ world, account, principal }: Call, name: string | undefined): User {
  const own = /:user\/(?:.*\/)?([^/]+)$/.exec(principal?.arn ?? '')?.[1];
  const wanted = name ?? own;
  if (wanted === undefined)
    throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials');
  const user = usersOf(world, account)[wanted];
  if (!user)
    throw new AwsError('NoSuchEntityException', `The user with name ${wanted} cannot be found.`, 404);
  return user;
}
