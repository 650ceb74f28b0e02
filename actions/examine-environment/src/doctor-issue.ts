import { escapeMarkdown } from '@tenant-delivery/action-kit/markdown';
import type { IssueWords } from '@tenant-delivery/delivery/kept-issue';

/** What the issue of a tenant says of what its contract promises, and what is missing, different or could not be seen. */
export function doctorIssue(tenant: string): IssueWords {
  return {
    marker: `<!-- tenant-delivery:doctor:${tenant} -->`,
    title: `Not everything is known to be as the contract of ${tenant} promises`,
    intro:
      'The contract was compared with the account and with GitHub. Under each line is what mends it. Nothing was changed. Every run rewrites this text.',
    allClear: 'Everything is as the contract promises again.',
    news: ({ environment, counts: { deciding, unknown } }) =>
      `In ${escapeMarkdown(environment)} ${deciding} things are wrong now, and ${unknown} could not be seen.`,
  };
}
