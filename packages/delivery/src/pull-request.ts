import type { RunContext } from '@tenant-delivery/action-kit/runner';
import * as v from 'valibot';

const side = v.object({ sha: v.string(), repo: v.nullable(v.object({ id: v.number() })) });
const payload = v.object({
  pull_request: v.object({
    number: v.pipe(v.number(), v.integer()),
    user: v.object({ login: v.string() }),
    head: side,
    base: side,
  }),
});

export interface PullRequest {
  readonly number: number;
  readonly author: string;
  readonly head: string;
  /** Its head is in another repository, so that its job has no identity here. */
  readonly fork: boolean;
}

/** The pull request of the run's event; `undefined` when the event carries none. */
export function pullRequestOf({ event, eventName }: RunContext): PullRequest | undefined {
  const read = v.safeParse(payload, event);
  if (!read.success || eventName !== 'pull_request') return undefined;
  const { number, user, head, base } = read.output.pull_request;
  const same = head.repo !== null && head.repo.id === base.repo?.id;
  return { number, author: user.login, head: head.sha, fork: !same };
}
