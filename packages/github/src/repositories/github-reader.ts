import type { GithubReader } from '@tenant-delivery/provisioning/doctor/ports';
import type { GithubClient } from '../session/github-client.ts';
import { ownerPlan } from './owner-plan.ts';
import { settingsReader } from './repository-administration.ts';

/** GitHub for doctor, read only, by whatever sees a repository. Needs `actions: read` and `metadata: read`. */
export function githubReader(clientOf: (repository: string) => Promise<GithubClient>): GithubReader {
  return {
    observe: async (wanted) => settingsReader(await clientOf(wanted.repository)).observe(wanted),
    plan: async (repository) => ownerPlan(await clientOf(repository), repository),
  };
}
