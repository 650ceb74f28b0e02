import type { Principal } from '../world/tokens.ts';
import type { World } from '../world/world.ts';
import { ApiError } from './errors.ts';

const WINDOW_MS = 3_600_000;

/** Counts the calls of each token in windows of an hour (GitHub, "Rate limits for the REST API"). */
export interface RateLimiter {
  /** Counts one call; its headers tell what remains. */
  count(token: string | undefined, principal: Principal | undefined): Allowance;
}

export interface Allowance {
  readonly headers: Readonly<Record<string, string>>;
  readonly exceeded: boolean;
}

export function createRateLimiter(world: World): RateLimiter {
  const windows = new Map<string, { used: number; readonly resetAt: number }>();
  return {
    count: (token, principal) => {
      const now = world.clock.now();
      const key = token ?? '';
      const known = windows.get(key);
      const current = known && known.resetAt > now ? known : { used: 0, resetAt: now + WINDOW_MS };
      const limit = world.hourlyLimit[limitOf(principal)];
      const exceeded = current.used >= limit;
      if (!exceeded) current.used += 1;
      windows.set(key, current);
      return {
        exceeded,
        headers: {
          'x-ratelimit-limit': String(limit),
          'x-ratelimit-remaining': String(limit - current.used),
          'x-ratelimit-used': String(current.used),
          'x-ratelimit-reset': String(Math.ceil(current.resetAt / 1000)),
          'x-ratelimit-resource': 'core',
        },
      };
    },
  };
}

function limitOf(principal: Principal | undefined): keyof World['hourlyLimit'] {
  if (!principal) return 'anonymous';
  if (principal.kind === 'user') return 'user';
  return 'job' in principal ? 'job' : 'installation';
}

export function rateLimitExceeded(principal: Principal | undefined): ApiError {
  const whose =
    principal?.kind === 'user'
      ? `user ID ${principal.user.id}`
      : principal && 'job' in principal
        ? `installation ID ${principal.job.run.repository.id}`
        : principal?.kind === 'installation'
          ? `installation ID ${principal.installation.id}`
          : '127.0.0.1';
  return new ApiError(403, `API rate limit exceeded for ${whose}.`);
}
