import type { GithubReader } from '@tenant-delivery/provisioning/doctor/ports';
import {
  compareApprovalEnvironment,
  compareDeployEnvironment,
} from '@tenant-delivery/tenancy/environment-protection';
import { environments } from '../actions/environments.ts';
import type { GithubClient } from '../session/github-client.ts';
import { repositorySettings } from './settings.ts';

/** What GitHub has of a repository against what a contract says of it, read only. Needs `actions: read`. */
export function githubReader(github: GithubClient): GithubReader {
  const { protectionOf } = environments(github);
  return {
    ...repositorySettings(github),
    approval: async (repository, agreed) => {
      const found = await protectionOf(repository, agreed.environment);
      return {
        differences: compareApprovalEnvironment(agreed, found),
        requiresReviewers: found !== 'absent' && found.reviewers.kind === 'required',
      };
    },
    deployment: async (repository, agreed) =>
      compareDeployEnvironment(agreed, await protectionOf(repository, agreed.environment)),
  };
}
