import { randomBytes } from 'node:crypto';
import type { Principal } from '../world/service.ts';
import type { World } from '../world/world.ts';

/** Twelve hours ("GetAuthorizationToken", Amazon ECR API reference). */
const LIFETIME = 12 * 3_600_000;

/** A registry password opens the repositories of one account in one region. */
export interface RegistryToken {
  readonly account: string;
  readonly region: string;
  /** Who asked for it, whose permissions it has. */
  readonly principal: Principal;
  readonly expiresAt: number;
}

type Tokens = Record<string, RegistryToken>;

function tokensOf(world: World): Tokens {
  return world.state<Tokens>('ecr-tokens', '', '', () => ({}));
}

export function issueToken(
  world: World,
  region: string,
  principal: Principal,
): { readonly password: string; readonly expiresAt: number } {
  const tokens = tokensOf(world);
  const now = world.clock.now();
  for (const [password, token] of Object.entries(tokens)) if (token.expiresAt <= now) delete tokens[password];
  const password = randomBytes(48).toString('base64url');
  const expiresAt = now + LIFETIME;
  tokens[password] = { account: principal.account, region, principal, expiresAt };
  world.touched();
  return { password, expiresAt };
}

/** Reads `Authorization: Basic base64(AWS:password)`; `undefined` for anything that is no valid token now. */
export function tokenFrom(world: World, authorization: string | undefined): RegistryToken | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [user, password = ''] = Buffer.from(encoded, 'base64').toString().split(':');
  const token = Object.hasOwn(tokensOf(world), password) ? tokensOf(world)[password] : undefined;
  return user === 'AWS' && token !== undefined && token.expiresAt > world.clock.now() ? token : undefined;
}
