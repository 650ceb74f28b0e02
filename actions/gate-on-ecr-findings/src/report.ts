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
  const fixes = judgement.blocking.filter((finding) => finding.fixedIn !== undefined);
  const named = [...new Set(fixes.map((finding) => `${finding.package} ${finding.fixedIn}`))].slice(0, 5);
  return named.length > 0
    ? `Update to ${named.join(', ')}, or a base image that has them, and deliver again.`
    : 'No fixed version is known yet: choose a base image without these packages.';
}

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
      .map((row) =>
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
    `Change ${code(change)}, image ${code(verdict.subject.digest)}, good until ${verdict.validUntil}.`,
    limits,
    ...(judgement.blocking.length > 0 ? ['**What blocks**', blocking + more] : []),
  ].join('\n\n');
}
