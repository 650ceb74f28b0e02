import { addUser, type User } from './user.ts';
import type { World } from './world.ts';

/** The user as whom a job's `GITHUB_TOKEN` acts; the id is GitHub's. */
export function actionsBot(world: World): User {
  return addUser(world, { login: 'github-actions[bot]', id: 41_898_282, type: 'Bot' });
}
