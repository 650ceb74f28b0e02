import type { DeployKeys } from '@tenant-delivery/credentials/report/ports';
import type { GithubClient } from '../session/github-client.ts';
import { listDeployKeys } from './listed-deploy-keys.ts';

/** When deploy keys of repositories were made and used. Needs `administration: read`. */
export function deployKeyDates(github: GithubClient): DeployKeys {
  return {
    keysOf: async (repository) => {
      const all = await listDeployKeys(github, repository);
      if (all === 'absent') return 'absent';
      return all.map(({ id, title, created_at, last_used, read_only }) => ({
        id,
        title,
        createdAt: created_at,
        lastUsedAt: last_used ?? 'never',
        readOnly: read_only,
      }));
    },
  };
}
