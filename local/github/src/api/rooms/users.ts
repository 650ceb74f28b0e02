import { type User, userWithId } from '../../world/user.ts';
import { organisationNamed } from '../access.ts';
import { type Call, ok, type Route } from '../call.ts';
import { ApiError, notFound } from '../errors.ts';
import { open } from '../routes.ts';
import { showOrganisation } from '../show/organisation.ts';
import { showProfile } from '../show/user.ts';

export const users: readonly Route[] = [
  open('GET', '/orgs/{org}', (call) =>
    ok(toCaller(call, organisationNamed(call.world, call.parameters['org'] ?? ''))),
  ),
  open('GET', '/user', (call) => ok(showProfile(call.world, callerOf(call)))),
  open('GET', '/users/{login}', ({ world, parameters }) => {
    const user = world.users.get((parameters['login'] ?? '').toLowerCase());
    if (!user) throw notFound();
    return ok(showProfile(world, user));
  }),
  open('GET', '/user/{id}', ({ world, parameters }) => {
    const user = userWithId(world, Number(parameters['id']));
    if (!user) throw notFound();
    return ok(showProfile(world, user));
  }),
];

/** Which plan it has is its owner's business ("Get an organization", GitHub's REST API). */
function toCaller({ world, principal }: Call, organisation: User) {
  const owns = principal?.kind === 'user' && principal.user.id === organisation.id;
  return {
    ...showOrganisation(world, organisation),
    ...(owns && { plan: { name: organisation.plan, space: 0, private_repos: 0 } }),
  };
}

function callerOf({ principal }: Call): User {
  if (principal?.kind === 'user') return principal.user;
  if (principal) throw new ApiError(403, 'Resource not accessible by integration');
  throw new ApiError(401, 'Requires authentication');
}
