import type { PullRequestComments } from '@tenant-delivery/delivery/github-ports';
import * as v from 'valibot';
import { confirmed, everyItem } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';

const LONGEST = 65_000; // characters; GitHub refuses a comment over 65,536

const commentAnswer = v.object({
  id: v.number(),
  html_url: v.string(),
  body: v.nullish(v.string(), ''),
  user: v.nullable(v.object({ type: v.string() })),
});

/** Needs `pull-requests: write`. */
export function pullRequestComments({ paginate, rest: { issues } }: GithubClient): PullRequestComments {
  return {
    async keep(repository, pullRequest, marker, markdown) {
      const where = { ...parametersOf(repository), issue_number: pullRequest };
      const pages = paginate.iterator(issues.listComments, { ...where, per_page: 100 });
      const all = await everyItem(commentAnswer, pages);
      const ours = all.find((each) => each.user?.type === 'Bot' && each.body.startsWith(markerLine(marker)));
      const body = cut(`${markerLine(marker)}\n${markdown}`);
      const kept = ours
        ? await issues.updateComment({ ...parametersOf(repository), comment_id: ours.id, body })
        : await issues.createComment({ ...where, body });
      return confirmed(commentAnswer, kept).html_url;
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
