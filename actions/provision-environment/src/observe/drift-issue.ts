import { escapeMarkdown } from '@tenant-delivery/action-kit/markdown';
import type { IssueWords } from '@tenant-delivery/delivery/kept-issue';

/** What the issue of a tenant says of stacks that are not as they were approved. */
export function driftIssue(tenant: string): IssueWords {
  return {
    marker: `<!-- tenant-delivery:drift:${tenant} -->`,
    title: `The account of ${tenant} is not as it was approved`,
    intro:
      'Each stack was compared with the plan that was approved last. Nothing was changed: undo what somebody changed by hand, or agree on it in the contract and provision it. Every run rewrites this text.',
    allClear: 'Everything is as it was approved again.',
    news: ({ environment, counts: { deciding, unknown } }) =>
      `In ${escapeMarkdown(environment)} ${deciding} differences from what was approved are known now, and ${unknown} observations are missing.`,
  };
}
