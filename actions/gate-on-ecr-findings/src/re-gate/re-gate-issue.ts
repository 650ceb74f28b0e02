import { escapeMarkdown } from '@tenant-delivery/action-kit/markdown';
import type { IssueWords } from '@tenant-delivery/delivery/kept-issue';

/** What the issue of a tenant says of images that run. */
export function reGateIssue(tenant: string): IssueWords {
  return {
    marker: `<!-- tenant-delivery:re-gate:${tenant} -->`,
    title: `What runs for ${tenant} is not inside the limits of its contract`,
    intro:
      "The running images were judged again by today's findings. Nothing was stopped or undone: deliver a version that fixes this, or agree on a waiver. Every run rewrites this text.",
    allClear: 'Everything that runs is inside the limits again.',
    news: ({ environment, counts: { deciding, unknown } }) =>
      `In ${escapeMarkdown(environment)} findings over the limits are ${deciding} now, and observations that are missing ${unknown}.`,
  };
}
