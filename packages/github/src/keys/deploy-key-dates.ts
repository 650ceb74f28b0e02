import type { DeployKeys } from '@tenant-delivery/credentials/report/ports';
import * as v from 'valibot';
import type { Ask } from '../session/ask.ts';
import { everyPage } from '../session/pages.ts';
import { parametersOf } from '../session/repository.ts';

const instant = v.pipe(
  v.string(),
  v.transform((text) => Date.parse(text)),
  v.number('is no time'),
  v.finite('is no time'),
);

const keyAnswer = v.object({
  id: v.number(),
  title: v.string(),
  created_at: instant,
  last_used: v.nullish(instant),
  read_only: v.boolean(),
});

/** When deploy keys of repositories were made and used. Needs `administration: read`. */
export function deployKeyDates(ask: Ask): DeployKeys {
  return {
    keysOf: async (repository) => {
      const route = 'GET /repos/{owner}/{repo}/keys';
      const all = await everyPage(ask, route, parametersOf(repository), v.array(keyAnswer), (keys) => keys);
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
