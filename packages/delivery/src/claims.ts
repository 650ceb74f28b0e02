import type { RunFacts } from '@tenant-delivery/evidence/change-event';

/** Claims of the job's OIDC token ("OpenID Connect reference" of GitHub). AWS has verified the signature; we only read. */
export interface JobClaims {
  readonly sub: string;
  readonly aud: string;
  readonly repository: string;
  readonly repositoryId: string;
  readonly repositoryOwnerId: string;
  /** The reusable workflow that the job runs in, with its ref. */
  readonly jobWorkflowRef: string;
  /** The job's environment; empty when it has none. */
  readonly environment: string;
  readonly ref: string;
  readonly sha: string;
  readonly runId: string;
  readonly runAttempt: number;
  readonly eventName: string;
  readonly actor: string;
  readonly actorId: string;
}

/** Reads a token's claims without judging its signature. Throws a TypeError for a text that is not a JWT. */
export function readClaims(token: string): JobClaims {
  const [, payload = ''] = token.split('.');
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString() || 'null');
  if (typeof claims !== 'object' || claims === null) throw new TypeError('the token has no claims');
  const of = (name: string): string => {
    const value = new Map<string, unknown>(Object.entries(claims)).get(name);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  return {
    sub: of('sub'),
    aud: of('aud'),
    repository: of('repository'),
    repositoryId: of('repository_id'),
    repositoryOwnerId: of('repository_owner_id'),
    jobWorkflowRef: of('job_workflow_ref'),
    environment: of('environment'),
    ref: of('ref'),
    sha: of('sha'),
    runId: of('run_id'),
    runAttempt: Number(of('run_attempt') || 1),
    eventName: of('event_name'),
    actor: of('actor'),
    actorId: of('actor_id'),
  };
}

/** The job, as the signed record names it. */
export function runOf(claims: JobClaims): RunFacts {
  return {
    repository: claims.repository,
    repositoryId: claims.repositoryId,
    runId: claims.runId,
    runAttempt: claims.runAttempt,
    jobWorkflowRef: claims.jobWorkflowRef,
    sha: claims.sha,
    event: claims.eventName,
  };
}
