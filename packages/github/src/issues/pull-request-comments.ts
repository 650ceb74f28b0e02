import type { PullRequestComments } from '@tenant-delivery/delivery/github-ports';
import * as v from 'valibot';
import { failures } from '../failures.ts';
import type { Ask } from '../session/ask.ts';
import { everyPage } from '../session/pages.ts';
import { parametersOf } from '../session/repository.ts';

const LIST = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
const CREATE = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
const UPDATE = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
const LONGEST = 65_000; // characters; GitHub refuses a comment over 65,536

const commentAnswer = v.object({
  id: v.number(),
  html_url: v.string(),
  body: v.nullish(v.string(), ''),
  user: v.nullable(v.object({ type: v.string() })),
});

/** Needs `pull-requests: write`. */
export function pullRequestComments(ask: Ask): PullRequestComments {
  return {
    async keep(repository, pullRequest, marker, markdown) {
      const where = { ...parametersOf(repository), issue_number: pullRequest };
      const all = await everyPage(ask, LIST, where, v.array(commentAnswer), (answer) => answer);
      if (all === 'absent')
        throw failures.permissionMissing(LIST, `pull request ${pullRequest} is not to be seen`);
      const ours = all.find((each) => each.user?.type === 'Bot' && each.body.startsWith(markerLine(marker)));
      const body = cut(`${markerLine(marker)}\n${markdown}`);
      const [route, parameters] = ours
        ? [UPDATE, { ...parametersOf(repository), comment_id: ours.id, body }]
        : [CREATE, { ...where, body }];
      const kept = await ask(route, parameters, commentAnswer);
      if (kept === 'absent') throw failures.permissionMissing(route, 'the comment may not be written');
      return kept.html_url;
    },
  };
}

/** A person could write the same marker: only a bot's comment that begins with it is ours to rewrite. */
function markerLine(marker: string): string {
  return `<!-- ${marker} -->`;
}

function cut(body: string): string {
  return body.length <= LONGEST
    ? body
    : `${body.slice(0, LONGEST)}\n\n_Cut here: GitHub allows no longer comment._\n`;
}
