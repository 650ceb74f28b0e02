import type { DeployKeys } from '@tenant-delivery/credentials/report/ports';
import * as v from 'valibot';
import { everyItem, orAbsent } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';

const instant = v.pipe(
  v.string(),
  v.transform((text) => Date.parse(text)),
  v.number('is no time'),
  v.finite('is no time'),
);

const listedKey = v.object({
  id: v.number(),
  title: v.string(),
  created_at: instant,
  last_used: v.nullish(instant),
  read_only: v.boolean(),
});

/** When deploy keys of repositories were made and used. Needs `administration: read`. */
export function deployKeyDates({ paginate, rest: { repos } }: GithubClient): DeployKeys {
  return {
    keysOf: async (repository) => {
      const where = { ...parametersOf(repository), per_page: 100 };
      const all = await orAbsent(everyItem(listedKey, paginate.iterator(repos.listDeployKeys, where)));
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
