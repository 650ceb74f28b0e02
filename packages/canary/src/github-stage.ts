import { orAbsent } from '@tenant-delivery/github/session/answers';
import { branchOf } from './branch.ts';
import type { People, Place } from './people.ts';
import { type RunsOptions, runsOf } from './runs.ts';
import type { Account } from './seen.ts';

export interface GithubStageOptions extends Omit<RunsOptions, 'places'> {
  /** `owner/name`, of the canary's service and of the provider's operations. */
  readonly repositories: { readonly service: string; readonly operations: string };
  /** Ids of accounts that are bots. */
  readonly bots?: readonly number[];
}

export type Stage = ReturnType<typeof githubStage>;

/** dependabot, GitHub Actions, and Copilot, whose login is like a person's. */
const BOTS_OF_GITHUB = [49_699_333, 41_898_282, 198_982_749];

/** A canary's side of GitHub: commits, runs, reviews, logs. */
export function githubStage(people: People, { repositories, bots = [], ...options }: GithubStageOptions) {
  const places = { service: placeOf(repositories.service), operations: placeOf(repositories.operations) };
  return {
    ...branchOf(people, places.service),
    ...runsOf(people, { ...options, places }),

    /** What GitHub says of its own bots, and of those that the contract lists. */
    async bots(): Promise<readonly Account[]> {
      const ids = [...new Set([...BOTS_OF_GITHUB, ...bots])];
      const asked = ids.map((account_id) => orAbsent(people.sre.rest.users.getById({ account_id })));
      const found = await Promise.all(asked);
      return found.flatMap((each) =>
        each === 'absent' ? [] : [{ id: each.data.id, login: each.data.login, type: each.data.type }],
      );
    },
  };
}

function placeOf(repository: string): Place {
  const [owner = '', repo = ''] = repository.split('/');
  return { owner, repo };
}
