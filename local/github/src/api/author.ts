import { actionsBot } from '../world/actions-bot.ts';
import type { User } from '../world/user.ts';
import type { Call } from './call.ts';
import { ApiError } from './errors.ts';

/** The user as whom a call acts: a job acts as `github-actions[bot]`. */
export function authorOf({ world, principal }: Call): User {
  if (principal?.kind === 'user') return principal.user;
  if (principal?.kind === 'job') return actionsBot(world);
  throw new ApiError(401, 'Requires authentication');
}
