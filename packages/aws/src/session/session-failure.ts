import type { Failure } from '@tenant-delivery/action-kit/failure';
import type { JobClaims } from '@tenant-delivery/delivery/claims';
import { GITHUB_TOKEN_BOT } from '@tenant-delivery/domain';
import type { Environment } from '@tenant-delivery/tenancy/derived-names';
import { failureOf, messageOf, nameOf } from '../errors/translate.ts';
import { failures } from '../failures.ts';
import type { WebIdentity } from './assume-role.ts';

/** Why a role was not assumed, in words that name the claims which AWS compared; never the token. */
export function sessionFailure(
  { roleArn: role, sessionName }: Pick<WebIdentity, 'roleArn' | 'sessionName'>,
  target: Environment,
  claims: JobClaims,
  cause: unknown,
): Failure {
  const name = nameOf(cause);
  const said = messageOf(cause);
  if (/^ExpiredToken/.test(name)) return failures.tokenExpired(said, cause);
  if (/^InvalidIdentityToken/.test(name)) {
    if (/audience/i.test(said)) return failures.tokenAudience(claims.aud, said, cause);
    if (/expired/i.test(said)) return failures.tokenExpired(said, cause);
    return failures.tokenRefused(target.account, said, cause);
  }
  if (/^AccessDenied/.test(name))
    return failures.roleNotAssumed(
      role,
      `${claims.repository} on ${claims.ref}`,
      explain(role, sessionName, claims),
      cause,
    );
  return failureOf('sts:AssumeRoleWithWebIdentity', cause);
}

const TOKEN_BOT_REFUSED =
  "the run was started by the bot of a job's GITHUB_TOKEN, whom the roles that approve and deploy refuse; start it as a person";

/** What this job says of itself, and the conditions of the role's trust policy that must match it. */
function explain(role: string, sessionName: string, claims: JobClaims): readonly string[] {
  const boundToEnvironment = /-(approve|(re)?deploy|access|journal|rotate(-\w+)?)$/.test(role);
  const ofToken = claims.actorId === String(GITHUB_TOKEN_BOT);
  return [
    ...(ofToken ? [`actor_id: ${claims.actorId}, ${claims.actor}: ${TOKEN_BOT_REFUSED}`] : []),
    `sub: ${claims.sub}`,
    `aud: ${claims.aud}`,
    `repository: ${claims.repository} (repository_id ${claims.repositoryId}, owner id ${claims.repositoryOwnerId})`,
    `job_workflow_ref: ${claims.jobWorkflowRef || 'none: the job runs outside a reusable workflow'}`,
    `environment: ${claims.environment || 'none'}${boundToEnvironment ? ' (this role answers to its environment only)' : ''}`,
    `sts:RoleSessionName: ${sessionName}, which begins with the inputs tenant and environment: a role answers to its own tenant and environment only`,
    "The trust policy of the role must allow sts:AssumeRoleWithWebIdentity to the account's OIDC provider and test aud, sub, repository_id, job_workflow_ref and sts:RoleSessionName for these values, as templates/iam does.",
  ];
}
