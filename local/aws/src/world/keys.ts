import { randomBytes } from 'node:crypto';
import type { Principal } from './service.ts';
import type { World } from './world.ts';

/** An access key and its principal. A session's key has a token and an end. */
export interface AccessKey extends Principal {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Milliseconds since the epoch, on the world's clock. */
  readonly expires?: number;
}

type Session = 'roleArn' | 'sessionToken' | 'issued' | 'expires';
export type SessionKey = AccessKey & Required<Pick<AccessKey, Session>>;

/** All access keys of a world, by id. One key belongs to one principal of one account. */
export function keysOf(world: World): Record<string, AccessKey> {
  return world.state('access-keys', '', '', () => ({ byId: {} as Record<string, AccessKey> })).byId;
}

/** A long-lived key of an IAM user. */
export function issueKey(world: World, principal: Principal): AccessKey {
  return keep(world, { ...principal, accessKeyId: `AKIA${letters(16)}`, secretAccessKey: secret() });
}

/** A session's key, valid until `expires`. */
export function issueSession(world: World, principal: Principal, expires: number): SessionKey {
  const sessionToken = randomBytes(180).toString('base64');
  const key = { ...principal, roleArn: principal.roleArn ?? '', accessKeyId: `ASIA${letters(16)}` };
  const issued = world.clock.now();
  return keep(world, { ...key, secretAccessKey: secret(), sessionToken, issued, expires });
}

/** No request can be signed with this key any more. */
export function forgetKey(world: World, accessKeyId: string): void {
  delete keysOf(world)[accessKeyId];
  world.touched();
}

function keep<Key extends AccessKey>(world: World, key: Key): Key {
  keysOf(world)[key.accessKeyId] = key;
  world.touched();
  return key;
}

function letters(count: number): string {
  return [...randomBytes(count)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('');
}

function secret(): string {
  return randomBytes(30).toString('base64');
}
