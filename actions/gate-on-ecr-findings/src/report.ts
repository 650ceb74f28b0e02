import { code, escapeMarkdown, table } from '@tenant-delivery/action-kit/markdown';
import { SEVERITIES } from '@tenant-delivery/domain';
import type { Judgement, Verdict } from '@tenant-delivery/findings';
import type { ResolvedService } from '@tenant-delivery/tenancy';

const ROWS = 200; // of blocking findings in the summary; the document has all

export function headlineOf(verdict: Pick<Verdict, 'decision' | 'reasons' | 'children'>): string {
  if (verdict.decision === 'allow') {
    const platforms = verdict.children.length === 1 ? 'one platform' : `${verdict.children.length} platforms`;
    return `The image is inside every limit on ${platforms}.`;
  }
  return `The image is denied: ${verdict.reasons.join('; ')}.`;
}

/** What to do about a denial; names the packages that a newer version mends. */
export function remedyOf(judgement: Judgement): string {
  if (judgement.reasonCode !== 'FINDINGS_OVER_LIMIT') {
    return 'Look at the inspection in the registry; deliver again once it is complete.';
  }
  const named = [...new Set(judgement.blocking.map(mendOf))].slice(0, NAMED);
  return `Update ${named.join(', ')}, or build on a base image that has newer ones, and deliver again.`;
}

const NAMED = 5; // packages in the remedy; the summary has all

/** Basic scanning often names no fixed version; then the version to leave behind is all that is known. */
function mendOf({ finding }: Judgement['blocking'][number]): string {
  const { package: name, version, fixedIn } = finding;
  return fixedIn === undefined
    ? `${name} (from ${version}; the registry names no fixed version)`
    : `${name} to ${fixedIn}`;
}

/** What blocks, for the log: one line each, worst first. */
export function rowsOf(judgement: Judgement): readonly string[] {
  const rows = judgement.blocking
    .map(({ finding }) => finding)
    .toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
    .slice(0, LINES)
    .map((row) => `  ${row.severity.padEnd(8)}  ${row.vulnerability}  ${row.package} ${row.version}`);
  const more = judgement.blocking.length - rows.length;
  return more > 0 ? [...rows, `  and ${more} more in the findings document`] : rows;
}

const LINES = 20;

export function summaryOf(
  change: string,
  verdict: Verdict,
  judgement: Judgement,
  resolved: ResolvedService,
): string {
  const limits = table(
    ['severity', 'found', 'allowed', 'limit from'],
    SEVERITIES.map((severity) => [
      severity,
      String(judgement.counts[severity]),
      String(resolved.scan[severity].value),
      resolved.scan[severity].from,
    ]),
  );
  const blocking = table(
    ['vulnerability', 'severity', 'package', 'version', 'fixed in'],
    judgement.blocking
      .slice(0, ROWS)
      .map(({ finding: row }) =>
        [row.vulnerability, row.severity, row.package, row.version, row.fixedIn ?? 'not known'].map(
          escapeMarkdown,
        ),
      ),
  );
  const more =
    judgement.blocking.length > ROWS
      ? `\n${judgement.blocking.length - ROWS} more are in the findings document.\n`
      : '';
  return [
    `### Gate: ${verdict.decision === 'allow' ? 'allowed' : 'denied'}`,
    escapeMarkdown(headlineOf(verdict)),
    `Change ${code(change)}, image ${code(verdict.subject.digest)}${verdict.decision === 'allow' ? `; the verdict is good until ${verdict.validUntil}` : ''}.`,
    limits,
    ...(judgement.blocking.length > 0 ? ['**What blocks**', blocking + more] : []),
    ...(verdict.decision === 'deny' ? [`**What to do:** ${escapeMarkdown(remedyOf(judgement))}`] : []),
  ].join('\n\n');
}
