import { code, escapeMarkdown, prose, table } from '@tenant-delivery/action-kit/markdown';
import type { Check } from '@tenant-delivery/isolation/check';

const WARNS = { pass: '', fail: 'warning', unknown: 'not seen', waived: 'waived' } as const;
const MARKS = { pass: '✓', fail: '✗', unknown: '?', waived: '~' } as const;

/** One line of the log. Names and reasons in it are others' words. */
export function sayCheck({ id, result, observed, remedy, waiver }: Check): string {
  const then = waiver === undefined ? remedy : `Waived: ${waiver}`;
  return `${MARKS[result]} ${id}: ${observed}. ${then}`.replace(/\s+/g, ' ').trim();
}

export function sayPassed(checks: readonly Check[]): string {
  const passed = checks.filter(({ result }) => result === 'pass').length;
  return `${passed} ${passed === 1 ? 'check' : 'checks'} passed`;
}

/** What did not pass, as a table; nothing if all did. Under a contract it says whose each is. What stops a deploy is no summary but a failure, and is not here. */
export function preflightSummary(checks: readonly Check[], contracted: boolean): string {
  const rows = checks
    .filter(({ result }) => result !== 'pass')
    .map((check) => [
      `${code(check.id)}<br>${WARNS[check.result]}`,
      `${escapeMarkdown(check.observed)}<br>expected: ${prose(check.expected)}`,
      `${check.waiver === undefined ? prose(check.remedy) : `Waived: ${escapeMarkdown(check.waiver)}`}${contracted ? `<br>by: ${check.owner}` : ''}`,
    ]);
  if (rows.length === 0) return '';
  return [
    `**Preflight:** ${sayPassed(checks)}, ${rows.length} to look at`,
    table(['check', 'observed', 'what to do'], rows),
  ].join('\n\n');
}
