import { roleOf } from '../../world/repository.ts';
import { ok, type Route } from '../call.ts';
import { ApiError } from '../errors.ts';
import { read } from '../routes.ts';
import { showFullRepository } from '../show/repository.ts';
import { showUser } from '../show/user.ts';

export const repository: readonly Route[] = [
  read(['metadata'], '', ({ world, repository, principal }) =>
    ok(showFullRepository(world, repository, principal)),
  ),
  read(['metadata'], '/collaborators/{login}/permission', ({ world, repository, parameters }) => {
    const user = world.users.get((parameters['login'] ?? '').toLowerCase());
    if (!user) throw new ApiError(404, `${parameters['login']} is not a user`);
    const role = roleOf(repository, user) ?? 'none';
    return ok({
      permission: role,
      role_name: role,
      user: {
        ...showUser(world, user),
        role_name: role,
        permissions: {
          admin: role === 'admin',
          maintain: role === 'admin',
          push: role === 'admin' || role === 'write',
          triage: role === 'admin' || role === 'write',
          pull: role !== 'none',
        },
      },
    });
  }),
];
