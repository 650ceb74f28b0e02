import type { Host } from './ports.ts';
import type { RunOptions } from './run-options.ts';

/** The event of a pull request that exists here tells of it, also when the caller gives no payload. */
export function withPullRequest(host: Host, options: RunOptions): RunOptions {
  const [, written] = /^refs\/pull\/(\d+)\/merge$/.exec(options.ref) ?? [];
  if (written === undefined) return options;
  const number = Number(written);
  const pull = host.pullRequest(options.repository, number);
  if (!pull) return options;
  return { ...options, payload: { action: 'opened', number, pull_request: pull, ...options.payload } };
}
