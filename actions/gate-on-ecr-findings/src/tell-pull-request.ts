import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Outcome } from '@tenant-delivery/action-kit/main';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { PullRequestComments } from '@tenant-delivery/delivery/github-ports';
import { pullRequestOf } from '@tenant-delivery/delivery/pull-request';

const LONGEST = 60_000; // characters; GitHub refuses a comment over 65,536

export type Wish = 'never' | 'on-failure' | 'always';

/**
 * Keeps one comment for each image repository on the pull request of the run. It is a convenience: a token that may not
 * comment, as every fork's, leaves the summary and no failure.
 */
export async function tellPullRequest(
  { runner, comments }: { readonly runner: Runner; readonly comments: () => Promise<PullRequestComments> },
  { wish, about, document }: { readonly wish: Wish; readonly about: string; readonly document: string },
  { ok, summary }: Pick<Outcome, 'ok' | 'summary'>,
): Promise<void> {
  const pullRequest = pullRequestOf(runner.context);
  if (wish === 'never' || (wish === 'on-failure' && ok) || !pullRequest) return;
  try {
    const { repository } = runner.context;
    const text = fitting(summary, document);
    const kept = await comments();
    runner.info(
      `Commented: ${await kept.keep(repository, pullRequest.number, `tenant-delivery:gate:${about}`, text)}`,
    );
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    runner.verbatim([`Not commented on the pull request: ${thrown.code}, ${thrown.message}`]);
  }
}

/** As many whole lines as fit a comment, so that no table breaks, and where to find the rest. */
function fitting(markdown: string, document: string): string {
  if (markdown.length <= LONGEST) return markdown;
  const lines = markdown.split('\n');
  let length = 0;
  const taken = lines.findIndex((line) => {
    length += line.length + 1;
    return length > LONGEST;
  });
  const more = lines.slice(taken).filter((line) => line.startsWith('| ')).length;
  return `${lines.slice(0, taken).join('\n')}\n\n${more} more in \`${document}\`.\n`;
}
