import type { Issues, KeptIssue } from '@tenant-delivery/delivery/github-ports';
import * as v from 'valibot';
import { confirmed, everyItem } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';

const issueAnswer = v.object({
  number: v.number(),
  html_url: v.string(),
  body: v.nullish(v.string(), ''),
  user: v.nullable(v.object({ type: v.string() })),
  pull_request: v.optional(v.unknown()),
});

/** Needs `issues: write`. */
export function issues({ paginate, rest }: GithubClient): Issues {
  const openAll: Issues['openAll'] = async (repository, marker) => {
    const where = { ...parametersOf(repository), state: 'open', per_page: 100 } as const;
    const all = await everyItem(issueAnswer, paginate.iterator(rest.issues.listForRepo, where));
    // A person could write the same marker, and a pull request is listed as an issue.
    return all
      .filter(
        (each) =>
          each.pull_request === undefined && each.user?.type === 'Bot' && each.body.startsWith(marker),
      )
      .map(keptOf);
  };
  return {
    openAll,
    openOne: async (repository, marker) => (await openAll(repository, marker))[0],
    async create(repository, title, body) {
      const made = await rest.issues.create({ ...parametersOf(repository), title, body });
      return keptOf(confirmed(issueAnswer, made));
    },
    async update(repository, issue, change) {
      const where = { ...parametersOf(repository), issue_number: issue };
      confirmed(issueAnswer, await rest.issues.update({ ...where, ...change }));
    },
    async comment(repository, issue, body) {
      const where = { ...parametersOf(repository), issue_number: issue };
      confirmed(v.object({ id: v.number() }), await rest.issues.createComment({ ...where, body }));
    },
  };
}

function keptOf({ number, html_url, body }: v.InferOutput<typeof issueAnswer>): KeptIssue {
  return { number, url: html_url, body };
}
