import { sign } from 'node:crypto';
import type { Job } from '../world/job.ts';
import type { World } from '../world/world.ts';
import { claimsOf } from './claims.ts';

/** A signed identity token (RS256) for the job, as its steps get one from `ACTIONS_ID_TOKEN_REQUEST_URL`. */
export function issueToken(world: World, job: Job, audience?: string): string {
  const { keyId, privateKey } = world.signingKey();
  const header = { typ: 'JWT', alg: 'RS256', x5t: keyId, kid: keyId };
  const content = `${part(header)}.${part(claimsOf(world, job, audience))}`;
  return `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`;
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
