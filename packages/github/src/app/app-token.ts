import { createPrivateKey, createSign, type KeyObject } from 'node:crypto';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { type Masker, Secret } from '@tenant-delivery/rotation/secret';
import * as v from 'valibot';
import { failures } from '../failures.ts';
import { changed, confirmed, refusalIn } from '../session/answers.ts';
import type { ClientFor, GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';

/** A GitHub App that was registered for this: who it is, and its private key as escrow gives it. */
export interface AppIdentity {
  readonly id: number;
  /** PEM. */
  readonly privateKey: Secret;
}

export interface TokenWish {
  /** Where it is to work: names of repositories of one owner, or an organisation. */
  readonly repositories: readonly string[];
  readonly organisation?: string;
  /** By GitHub's names: `{ secrets: 'write' }`. Nothing more is asked for. */
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
}

/** How GitHub is asked as an App. */
export interface AppAsking {
  readonly clientFor: ClientFor;
  readonly clock: Clock;
  readonly masker: Masker;
}

export interface InstallationToken {
  readonly token: Secret;
  /** GitHub's moment. */
  readonly expiresAt: string;
}

const installationAnswer = v.object({ id: v.number(), permissions: v.record(v.string(), v.string()) });
const tokenAnswer = v.object({
  token: v.string(),
  expires_at: v.string(),
  permissions: v.record(v.string(), v.string()),
});

/** A token of the App's installation there, with the permissions and repositories that are named and no more. */
export async function installationToken(
  app: AppIdentity,
  wish: TokenWish,
  { clientFor, clock, masker }: AppAsking,
): Promise<InstallationToken> {
  const owners = [...new Set(wish.repositories.map((name) => parametersOf(name).owner.toLowerCase()))];
  // By name alone GitHub would take those of the first owner for all.
  if (owners.length > 1)
    throw failures.appRefused(app.id, `one token is for one owner, and these are of ${owners.join(' and ')}`);
  const assertion = Secret.born(assertionOf(app, clock.now()), `app ${app.id}`, masker);
  const github = await clientFor(assertion.reveal());
  const { id, permissions } = await installationOf(github, app, wish);
  const lacking = Object.entries(wish.permissions).filter(
    ([name, access]) => !(permissions[name] === access || permissions[name] === 'write'),
  );
  if (lacking.length > 0)
    throw failures.appLacksPermissions(
      app.id,
      lacking.map(([name, access]) => `${name}: ${access}`),
    );
  const made = await changed(
    github.rest.apps.createInstallationAccessToken({
      installation_id: id,
      permissions: wish.permissions,
      ...(wish.repositories.length > 0 && {
        repositories: wish.repositories.map((name) => parametersOf(name).repo),
      }),
    }),
  );
  if (made.kind !== 'done')
    throw failures.appRefused(app.id, made.kind === 'refused' ? made.said : 'no answer came');
  const read = v.safeParse(tokenAnswer, made.data);
  // Only where it is wrong: what is there instead may be the token, in a text that a proxy made of the answer.
  if (!read.success)
    throw failures.answerIncomplete(
      'the installation token',
      read.issues.map((issue) => `${v.getDotPath(issue) ?? 'all of it'} is not what it must be`),
    );
  return {
    token: Secret.born(read.output.token, `app ${app.id} token`, masker),
    expiresAt: read.output.expires_at,
  };
}

async function installationOf(
  { rest: { apps } }: GithubClient,
  app: AppIdentity,
  { repositories: [first = ''], organisation }: TokenWish,
) {
  try {
    const found =
      organisation === undefined
        ? await apps.getRepoInstallation(parametersOf(first))
        : await apps.getOrgInstallation({ org: organisation });
    return confirmed(installationAnswer, found);
  } catch (thrown) {
    if (refusalIn(thrown)?.status === 404) throw failures.appNotInstalled(app.id, organisation ?? first);
    if (thrown instanceof Failure && thrown.code === failures.permissionMissing.code)
      throw failures.appRefused(app.id, thrown.message);
    throw thrown;
  }
}

const BEFORE = 60; // seconds that GitHub's clock may be behind ours ("Generating a JSON Web Token (JWT) for a GitHub App")
const LIFE = 540; // seconds; GitHub takes ten minutes at the longest

/** What proves to GitHub that the App itself is asking: RS256, good for nine minutes. */
export function assertionOf({ id, privateKey }: AppIdentity, now: number): string {
  const seconds = Math.floor(now / 1_000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iat: seconds - BEFORE, exp: seconds + LIFE, iss: id };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createSign('sha256').update(signed).sign(rsaKeyOf(id, privateKey), 'base64url')}`;
}

/** The reason why a key is none is never told: OpenSSL's words could repeat a part of it. */
function rsaKeyOf(app: number, privateKey: Secret): KeyObject {
  try {
    const key = createPrivateKey(privateKey.reveal());
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // told below
  }
  throw failures.appKeyUnusable(app);
}
