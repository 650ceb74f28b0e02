import type { GithubReader } from '@tenant-delivery/provisioning/doctor/ports';
import type { GithubClient } from '../session/github-client.ts';
import { ownerPlan } from './owner-plan.ts';
import { settingsReader } from './repository-administration.ts';
import { workflowFiles } from './workflow-files.ts';

type ClientOf = (repository: string) => Promise<GithubClient>;

/**
 * GitHub for doctor, read only, by whatever sees a repository. Needs `actions: read` and `metadata: read`; for its workflows
 * `contents: read`, which the client of `contentsOf` has where that is another one.
 */
export function githubReader(clientOf: ClientOf, contentsOf: ClientOf = clientOf): GithubReader {
  return {
    observe: async (wanted) => settingsReader(await clientOf(wanted.repository)).observe(wanted),
    plan: async (repository) => ownerPlan(await clientOf(repository), repository),
    workflows: async (repository) => workflowFiles(await contentsOf(repository), repository),
  };
}
