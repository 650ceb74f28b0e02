import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { AwsError } from '../world/service.ts';

/** The claims of a token, as sent. Nothing in them counts before `verifyToken` has passed. */
export type Claims = Readonly<Record<string, unknown>>;

export interface Token {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Claims;
  readonly signed: string;
  readonly signature: Buffer;
}

export function readToken(text: string): Token {
  const [header = '', claims = '', signature = '', ...more] = text.split('.');
  try {
    if (more.length > 0 || signature === '') throw new Error('three parts expected');
    return {
      header: jsonPart(header),
      claims: jsonPart(claims),
      signed: `${header}.${claims}`,
      signature: Buffer.from(signature, 'base64url'),
    };
  } catch {
    throw invalid(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
}

/**
 * Checks the signature with the issuer's published key, then the dates against the world's clock. The issuer must be
 * the one that the account trusts before this asks it anything.
 */
export async function verifyToken({ header, claims, signed, signature }: Token, now: number): Promise<void> {
  if (header['alg'] !== 'RS256') throw invalid('Unsupported signing algorithm; RS256 expected');
  const key = await publishedKey(String(claims['iss']), String(header['kid']));
  const good = verify('sha256', Buffer.from(signed), createPublicKey({ key, format: 'jwk' }), signature);
  if (!good) throw invalid('Provided Token signature is invalid');
  const { exp, nbf } = claims;
  for (const claim of ['sub', 'aud', 'iat'])
    if (claims[claim] === undefined) throw invalid(`Missing a required claim: '${claim}'`);
  if (typeof exp !== 'number') throw invalid("Missing a required claim: 'exp'");
  if (exp * 1000 <= now) {
    const [current, end] = [now / 1000, exp].map(Math.floor);
    throw new AwsError(
      'ExpiredTokenException',
      `Token expired: current date/time ${current} must be before the expiration date/time ${end}`,
    );
  }
  if (typeof nbf === 'number' && nbf * 1000 > now) throw invalid('Token is not yet valid');
}

async function publishedKey(issuer: string, kid: string): Promise<JsonWebKey> {
  const configuration = await fetchJson(`${issuer}/.well-known/openid-configuration`);
  if (configuration['issuer'] !== issuer)
    throw invalid('The issuer in the configuration is not that of the token');
  const { keys } = await fetchJson(String(configuration['jwks_uri']));
  const found: unknown = Array.isArray(keys)
    ? keys.find((key) => Reflect.get(Object(key), 'kid') === kid)
    : undefined;
  if (found === undefined) throw invalid("Couldn't retrieve verification key from your identity provider");
  return { ...(found as JsonWebKey) }; // createPublicKey refuses what is no key
}

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\//;

/** Asks issuers on this machine only: what claims to come from GitHub itself has no key that is known here. */
async function fetchJson(url: string): Promise<Readonly<Record<string, unknown>>> {
  if (!LOOPBACK.test(url)) throw invalid("Couldn't retrieve verification key from your identity provider");
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return { ...((await response.json()) as object) }; // anything else fails the checks that follow
  } catch (cause) {
    throw new AwsError(
      'IDPCommunicationErrorException',
      `Couldn't reach the identity provider at ${url}: ${cause}`,
    );
  }
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidIdentityTokenException', message);
}

function jsonPart(part: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
  if (typeof value !== 'object' || value === null) throw new Error('an object expected');
  return { ...value };
}
