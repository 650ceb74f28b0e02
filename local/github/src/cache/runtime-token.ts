import { randomBytes, randomUUID } from 'node:crypto';
import type { Job } from '../world/job.ts';
import type { World } from '../world/world.ts';
import { cacheScopes } from './scopes.ts';

const LIFE_SECONDS = 6 * 60 * 60; // as long as a job

/** What `ac` of a token says of each scope. */
const READ = 1;
const WRITE = 2;

/**
 * `ACTIONS_RUNTIME_TOKEN` of a job. BuildKit reads its scopes and times, and nobody can check its signature, which only
 * GitHub's own services do. Here they know their tokens by heart, and a token ends with its job. Its times are of this
 * machine's clock, which BuildKit compares them with.
 */
export function runtimeToken(world: World, job: Job): string {
  const now = Math.floor(Date.now() / 1000);
  const scopes = cacheScopes(job.run).map(({ ref, writes }) => ({
    Scope: ref,
    Permission: writes ? READ | WRITE : READ,
  }));
  const header = { typ: 'JWT', alg: 'RS256' };
  const claims = {
    ac: JSON.stringify(scopes),
    scp: `Actions.Results:${job.run.id}:${job.id}`,
    jti: randomUUID(),
    iss: world.url,
    nbf: now - 300,
    exp: now + LIFE_SECONDS,
    iat: now,
  };
  return `${part(header)}.${part(claims)}.${randomBytes(256).toString('base64url')}`;
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
