import type { World } from '../world/world.ts';
import { issueToken } from './issue-token.ts';
import { issuerOf } from './issuer.ts';

export interface OidcReply {
  readonly status: number;
  readonly body: unknown;
}

/**
 * The issuer's addresses, below `/_services/token`: its description, its keys, and the one that jobs ask for tokens
 * (`ACTIONS_ID_TOKEN_REQUEST_URL`).
 */
export function serveOidc(
  world: World,
  path: string,
  query: URLSearchParams,
  token: string | undefined,
): OidcReply {
  if (path === '/.well-known/openid-configuration') return { status: 200, body: description(world) };
  if (path === '/.well-known/jwks') return { status: 200, body: { keys: [publicKey(world)] } };
  const jobId = /^\/jobs\/(\d+)\/idtoken$/.exec(path)?.[1];
  if (jobId === undefined) return { status: 404, body: { message: 'Not Found' } };
  const principal = token === undefined ? undefined : world.tokens.get(token);
  if (principal?.kind !== 'id-token-request' || principal.job.id !== Number(jobId)) {
    return { status: 401, body: { message: 'Bad credentials' } };
  }
  const audience = query.get('audience');
  const value = issueToken(world, principal.job, audience === null || audience === '' ? undefined : audience);
  return { status: 200, body: { count: value.length, value } };
}

function description(world: World): unknown {
  const issuer = issuerOf(world);
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks`,
    subject_types_supported: ['public', 'pairwise'],
    response_types_supported: ['id_token'],
    claims_supported: CLAIMS,
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  };
}

const CLAIMS = [
  'sub',
  'aud',
  'exp',
  'iat',
  'iss',
  'jti',
  'nbf',
  'ref',
  'sha',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'repository_visibility',
  'run_id',
  'run_number',
  'run_attempt',
  'actor',
  'actor_id',
  'workflow',
  'workflow_ref',
  'workflow_sha',
  'head_ref',
  'base_ref',
  'event_name',
  'ref_type',
  'ref_protected',
  'environment',
  'job_workflow_ref',
  'job_workflow_sha',
  'runner_environment',
  'check_run_id',
];

function publicKey(world: World): unknown {
  const { keyId, publicJwk } = world.signingKey();
  return { ...publicJwk, kid: keyId, x5t: keyId, use: 'sig', alg: 'RS256' };
}
