import { allows } from '../world/permissions.ts';
import { type Repository, type Role, roleOf } from '../world/repository.ts';
import type { Principal } from '../world/tokens.ts';
import type { Need } from './call.ts';
import { ApiError, notFound } from './errors.ts';

const RANK: Readonly<Record<Role, number>> = { read: 1, write: 2, admin: 3 };

/** What isn't visible to the token does not exist for it: 404, never 403. */
export function visible(repository: Repository | undefined, principal: Principal | undefined): Repository {
  if (!repository) throw notFound();
  if (repository.visibility === 'public') return repository;
  if (principal?.kind === 'job' && principal.job.run.repository === repository) return repository;
  if (principal?.kind === 'user' && roleOf(repository, principal.user)) return repository;
  throw notFound();
}

/** Throws GitHub's refusal unless the principal may do this in the repository, which it is known to see. */
export function authorise(repository: Repository, principal: Principal | undefined, need: Need): void {
  if (principal?.kind === 'job') {
    if (!jobMay(repository, principal, need)) {
      throw new ApiError(403, 'Resource not accessible by integration');
    }
  } else if (principal?.kind === 'user') {
    const role = roleOf(repository, principal.user);
    if (!role || RANK[role] < RANK[need.role]) {
      const right = need.role === 'admin' ? 'admin rights' : 'push access';
      throw new ApiError(403, `Must have ${right} to Repository.`);
    }
  } else if (need.access === 'write' || need.role !== 'read') {
    throw new ApiError(401, 'Requires authentication');
  }
}

/** A job's token has its permissions in its own repository; elsewhere it reads what is public. */
function jobMay(
  repository: Repository,
  { job, permissions }: Extract<Principal, { kind: 'job' }>,
  { scopes, access }: Need,
): boolean {
  if (job.run.repository !== repository) return access === 'read';
  return scopes.some((scope) => scope === 'metadata' || allows(permissions, scope, access));
}
