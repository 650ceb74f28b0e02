import type { Finding } from './finding.ts';
import { worst } from './severity.ts';

/**
 * One row for each vulnerability of each package version, whatever number of platforms has it; the worst severity
 * wins. Sorted, so that the same findings are the same document.
 */
export function mergeFindings(findings: readonly Finding[]): readonly Finding[] {
  const rows = new Map<string, Finding>();
  for (const finding of findings) {
    const key = [finding.vulnerability, finding.package, finding.version].join('\n');
    const known = rows.get(key);
    rows.set(key, known ? combine(known, finding) : finding);
  }
  return [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
}

function combine(a: Finding, b: Finding): Finding {
  const severity = worst(a.severity, b.severity);
  const said = severity === a.severity ? a : b;
  const platforms = [...new Set([...a.platforms, ...b.platforms])].sort();
  return { ...said, platforms };
}
