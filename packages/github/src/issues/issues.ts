import type { Issues, KeptIssue } from '@tenant-delivery/delivery/github-ports';
import * as v from 'valibot';
import { failures } from '../failures.ts';
import type { Ask } from '../session/ask.ts';
import { everyPage } from '../session/pages.ts';
import { parametersOf } from '../session/repository.ts';

const LIST = 'GET /repos/{owner}/{repo}/issues';
const CREATE = 'POST /repos/{owner}/{repo}/issues';
const UPDATE = 'PATCH /repos/{owner}/{repo}/issues/{issue_number}';
const COMMENT = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';

const issueAnswer = v.object({
  number: v.number(),
  html_url: v.string(),
  body: v.nullish(v.string(), ''),
  user: v.nullable(v.object({ type: v.string() })),
  pull_request: v.optional(v.unknown()),
});

/** Needs `issues: write`. */
export function issues(ask: Ask): Issues {
  const openAll: Issues['openAll'] = async (repository, marker) => {
    const where = { ...parametersOf(repository), state: 'open' };
    const all = await everyPage(ask, LIST, where, v.array(issueAnswer), (answer) => answer);
    if (all === 'absent')
      throw failures.permissionMissing(LIST, `the issues of ${repository} are not to be seen`);
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
      const made = await ask(CREATE, { ...parametersOf(repository), title, body }, issueAnswer);
      if (made === 'absent') throw failures.permissionMissing(CREATE, `${repository} takes no issue`);
      return keptOf(made);
    },
    async update(repository, issue, change) {
      const where = { ...parametersOf(repository), issue_number: issue, ...change };
      const made = await ask(UPDATE, where, issueAnswer);
      if (made === 'absent') throw failures.permissionMissing(UPDATE, `issue ${issue} is not to be seen`);
    },
    async comment(repository, issue, body) {
      const where = { ...parametersOf(repository), issue_number: issue, body };
      const made = await ask(COMMENT, where, v.object({ id: v.number() }));
      if (made === 'absent') throw failures.permissionMissing(COMMENT, `issue ${issue} is not to be seen`);
    },
  };
}

function keptOf({ number, html_url, body }: v.InferOutput<typeof issueAnswer>): KeptIssue {
  return { number, url: html_url, body };
}
