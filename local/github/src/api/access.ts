import { allows, appAllows, isScope } from '../world/permissions.ts';
import { type Repository, type Role, roleOf } from '../world/repository.ts';
import type { Principal } from '../world/tokens.ts';
import type { User } from '../world/user.ts';
import type { World } from '../world/world.ts';
import type { Need } from './call.ts';
import { ApiError, notFound } from './errors.ts';

const RANK: Readonly<Record<Role, number>> = { read: 1, write: 2, admin: 3 };

/** What isn't visible to the token does not exist for it: 404, never 403. */
export function visible(repository: Repository | undefined, principal: Principal | undefined): Repository {
  if (!repository) throw notFound();
  if (repository.visibility === 'public') return repository;
  if (principal?.kind === 'job' && principal.job.run.repository === repository) return repository;
  if (principal?.kind === 'user' && roleOf(repository, principal.user)) return repository;
  if (principal?.kind === 'installation' && covers(principal, repository)) return repository;
  throw notFound();
}

/** The organisation of this login; what is no organisation does not exist here. */
export function organisationNamed(world: World, login: string): User {
  const found = world.users.get(login.toLowerCase());
  if (found?.type !== 'Organization') throw notFound();
  return found;
}

/** Throws GitHub's refusal unless the principal may do this in the organisation: its owner, or an App there. */
export function authoriseIn(
  organisation: User,
  principal: Principal | undefined,
  { scopes, access }: Pick<Need, 'scopes' | 'access'>,
): void {
  if (!principal) throw new ApiError(401, 'Requires authentication');
  if (principal.kind === 'user' && principal.user.id === organisation.id) return;
  if (principal.kind === 'user')
    throw new ApiError(403, 'You must be an org admin or have the actions secrets fine-grained permission.');
  const { kind } = principal;
  const may =
    kind === 'installation' &&
    principal.installation.account.id === organisation.id &&
    scopes.some((scope) => scope === 'metadata' || appAllows(principal.permissions, scope, access));
  if (!may) throw new ApiError(403, 'Resource not accessible by integration');
}

function covers(
  { installation, repositories }: Extract<Principal, { kind: 'installation' }>,
  repository: Repository,
): boolean {
  return repositories === 'all'
    ? installation.account.id === repository.owner.id
    : repositories.has(repository);
}

/** Throws GitHub's refusal unless the principal may do this in the repository, which it is known to see. */
export function authorise(repository: Repository, principal: Principal | undefined, need: Need): void {
  if (principal?.kind === 'job') {
    if (!jobMay(repository, principal, need)) {
      throw new ApiError(403, 'Resource not accessible by integration');
    }
  } else if (principal?.kind === 'installation') {
    const { permissions } = principal;
    const may = need.scopes.some(
      (scope) => scope === 'metadata' || appAllows(permissions, scope, need.access),
    );
    if (!covers(principal, repository) || !may) {
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
  return scopes.some(
    (scope) => scope === 'metadata' || (isScope(scope) && allows(permissions, scope, access)),
  );
}
