import { addUser, type User } from './user.ts';
import type { World } from './world.ts';

/**
 * The account by which GitHub itself commits what somebody merges or edits on its pages (GitHub, "About commit signature
 * verification"). It is of the type User; the id is GitHub's.
 */
export function webFlow(world: World): User {
  return addUser(world, { login: 'web-flow', id: 19_864_447, emails: ['noreply@github.com'] });
}
