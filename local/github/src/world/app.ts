import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import type { Access } from './permissions.ts';
import { type Repository, repositoryNamed } from './repository.ts';
import { newToken } from './tokens.ts';
import type { User } from './user.ts';
import { userNamed } from './user.ts';
import type { World } from './world.ts';

/** What an App or a token of it may do, by GitHub's names: `secrets`, `actions_variables`, `environments`. */
export type AppPermissions = Readonly<Record<string, Exclude<Access, 'none'>>>;

/** A GitHub App. The person who made a private key has it; GitHub keeps the public half. */
export interface App {
  readonly id: number;
  readonly slug: string;
  readonly owner: User;
  readonly permissions: AppPermissions;
  readonly createdAt: number;
  /** By GitHub's fingerprint: base64 of the SHA-256 of the public key. */
  readonly keys: Map<string, KeyObject>;
}

/** An App in an account, with the repositories that it was given. */
export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: User;
  readonly permissions: AppPermissions;
  readonly repositories: 'all' | ReadonlySet<Repository>;
  readonly createdAt: number;
  suspended: boolean;
}

export interface NewApp {
  readonly id: number;
  readonly slug: string;
  /** Login. */
  readonly owner: string;
  readonly permissions: AppPermissions;
}

const MOST_KEYS = 25;

/** Registers an App with one private key, which is answered in PEM as GitHub gives it for download. */
export function addApp(world: World, given: NewApp): { readonly app: App; readonly privateKey: string } {
  const app: App = {
    ...given,
    owner: userNamed(world, given.owner),
    createdAt: world.clock.now(),
    keys: new Map(),
  };
  world.apps.set(app.id, app);
  return { app, privateKey: addAppKey(app).privateKey };
}

/** What the App's owner does on its settings page: no API makes a private key. */
export function addAppKey(app: App): { readonly fingerprint: string; readonly privateKey: string } {
  if (app.keys.size >= MOST_KEYS)
    throw new Error(`${app.slug} has ${MOST_KEYS} keys, which is GitHub's limit.`);
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const fingerprint = createHash('sha256').update(der).digest('base64');
  app.keys.set(fingerprint, publicKey);
  return { fingerprint, privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() };
}

/** Deletes the key that belongs to this private half, on that page too. */
export function deleteAppKey(app: App, privateKey: string): void {
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  app.keys.delete(createHash('sha256').update(der).digest('base64'));
}

export interface NewInstallation {
  /** Login of the account. */
  readonly account: string;
  /** Full names; all of the account unless told. */
  readonly repositories?: readonly string[];
  /** What the account granted; all that the App asks for unless told. */
  readonly permissions?: AppPermissions;
}

export function installApp(world: World, app: App, given: NewInstallation): Installation {
  const installation: Installation = {
    id: world.nextId(),
    app,
    account: userNamed(world, given.account),
    permissions: given.permissions ?? app.permissions,
    repositories: given.repositories
      ? new Set(given.repositories.map((name) => repositoryNamed(world, name)))
      : 'all',
    createdAt: world.clock.now(),
    suspended: false,
  };
  world.installations.set(installation.id, installation);
  return installation;
}

/** Repositories that an installation, or a token of it, has. */
export function repositoriesOf(
  world: World,
  { account, repositories }: Pick<Installation, 'account' | 'repositories'>,
): readonly Repository[] {
  if (repositories !== 'all') return [...repositories];
  return [...world.repositories.values()].filter(({ owner }) => owner.id === account.id);
}

const LIFE = 3_600_000; // milliseconds of an installation token

/** A token of an installation, good for an hour, with no more than was asked for. */
export function mintToken(
  world: World,
  installation: Installation,
  narrowed: Pick<Installation, 'permissions' | 'repositories'>,
): { readonly token: string; readonly expiresAt: number } {
  const token = newToken('ghs');
  const expiresAt = world.clock.now() + LIFE;
  world.tokens.set(token, { kind: 'installation', installation, ...narrowed, expiresAt });
  return { token, expiresAt };
}

const LONGEST = 600; // seconds between now and `exp` ("Generating a JSON Web Token (JWT) for a GitHub App")

export type Assertion = { readonly app: App } | { readonly refused: string };

/** The App that signed a JWT, or GitHub's refusal. */
export function appByAssertion(world: World, jwt: string): Assertion {
  const undecodable = { refused: 'A JSON web token could not be decoded' };
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const claims = parsed(payload);
  if (parsed(header)?.['alg'] !== 'RS256' || !claims) return undecodable;
  const app = world.apps.get(Number(claims['iss']));
  if (!app) return { refused: "'Issuer' claim ('iss') must be an Integer" };
  const signed = Buffer.from(`${header}.${payload}`);
  const keys = [...app.keys.values()];
  if (!keys.some((key) => verify('sha256', signed, key, Buffer.from(signature, 'base64url'))))
    return undecodable;
  const now = world.clock.now() / 1_000;
  const [iat, exp] = [Number(claims['iat']), Number(claims['exp'])];
  if (!(iat <= now + 60))
    return {
      refused:
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    };
  if (!(exp > now))
    return {
      refused:
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    };
  if (exp > now + LONGEST + 60)
    return { refused: "'Expiration time' claim ('exp') is too far in the future" };
  return { app };
}

function parsed(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
