import * as v from 'valibot';
import { everyItem, orAbsent } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';

const moment = v.pipe(
  v.string(),
  v.transform((text) => Date.parse(text)),
  v.number('is no time'),
  v.finite('is no time'),
);
const listedKey = v.object({
  id: v.number(),
  key: v.string(),
  title: v.string(),
  verified: v.boolean(),
  created_at: moment,
  read_only: v.boolean(),
  added_by: v.nullish(v.string()),
  last_used: v.nullish(moment),
  enabled: v.optional(v.boolean(), true), // GitHub Enterprise Server has none that are disabled
});

/** All pages. `absent`: GitHub shows no such repository. Needs `administration: read`. */
export async function listDeployKeys({ paginate, rest: { repos } }: GithubClient, repository: string) {
  const where = { ...parametersOf(repository), per_page: 100 };
  return orAbsent(everyItem(listedKey, paginate.iterator(repos.listDeployKeys, where)));
}
