import type { Severity } from '@tenant-delivery/domain';
import { type BasicRow, basicFinding } from './basic-row.ts';
import { type EnhancedRow, enhancedFindings, INCOMPLETE } from './enhanced-row.ts';
import type { Finding } from './finding.ts';
import type { ScanReply, SeverityCounts } from './scan-state.ts';
import { severityOf } from './severity.ts';

/** One page of DescribeImageScanFindings as far as it is read; every member may be missing. */
export interface ScanPage {
  readonly imageScanStatus?: Maybe<{ readonly status?: Maybe<string>; readonly description?: Maybe<string> }>;
  readonly imageScanFindings?: Maybe<{
    readonly imageScanCompletedAt?: Maybe<Date>;
    readonly findingSeverityCounts?: Maybe<Readonly<Record<string, number>>>;
    readonly findings?: Maybe<readonly BasicRow[]>;
    readonly enhancedFindings?: Maybe<readonly EnhancedRow[]>;
  }>;
  readonly nextToken?: Maybe<string>;
}

export type Maybe<T> = T | null | undefined;

/**
 * What all pages of one look say together. Pages that contradict each other, a list that breaks off and a row without
 * its subject make the reply `torn`: it is kept, and is no evidence.
 */
export function readPages(
  pages: readonly ScanPage[],
  platform: string,
): { readonly reply: ScanReply; readonly findings: readonly Finding[] } {
  const [first] = pages;
  const basic = pages.flatMap(({ imageScanFindings }) => imageScanFindings?.findings ?? []);
  const all = pages.flatMap(({ imageScanFindings }) => imageScanFindings?.enhancedFindings ?? []);
  const enhanced = all.filter(({ status }) => status !== 'CLOSED');
  const read = enhanced.map((row) => enhancedFindings(row, platform));
  const findings = [
    ...basic.map((row) => basicFinding(row, platform)),
    ...read.flatMap((rows) => (rows === INCOMPLETE ? [] : rows)),
  ];
  const status = first?.imageScanStatus?.status ?? 'NO_STATUS';
  const description = first?.imageScanStatus?.description;
  const completedAt = first?.imageScanFindings?.imageScanCompletedAt?.getTime();
  const counts = first?.imageScanFindings?.findingSeverityCounts;
  const torn = read.includes(INCOMPLETE)
    ? 'a finding came without the package or the vulnerability that it is about'
    : disagreement(pages);
  // A closed row is over, and is no part of the counts either.
  const listed = [...basic, ...enhanced];
  const active = [...basic, ...enhanced.filter((row) => row.status !== 'SUPPRESSED')];
  return {
    reply: {
      status,
      listed: listed.length,
      ...(description && { description }),
      ...(completedAt !== undefined && !Number.isNaN(completedAt) && { completedAt }),
      ...(counts && {
        counted: Object.values(counts).reduce((sum, count) => sum + count, 0),
        bySeverity: { listed: tally(listed), active: tally(active), counted: byOurWords(counts) },
      }),
      kind: kindOf(basic.length > 0, all.length > 0),
      ...(torn && { torn }),
    },
    findings,
  };
}

function kindOf(basic: boolean, enhanced: boolean): NonNullable<ScanReply['kind']> {
  if (basic && enhanced) return 'both';
  if (enhanced) return 'enhanced';
  return basic ? 'basic' : 'none';
}

/** A list of several pages is one answer only if nothing changed between them. */
function disagreement(pages: readonly ScanPage[]): string | undefined {
  const said = (page: ScanPage) =>
    JSON.stringify([
      page.imageScanStatus?.status ?? null,
      page.imageScanFindings?.imageScanCompletedAt ?? null,
      Object.entries(page.imageScanFindings?.findingSeverityCounts ?? {}).sort(),
    ]);
  if (new Set(pages.map(said)).size > 1) return 'the inspection changed while its pages were read';
  if (pages.length === 0) return 'the registry gave no page';
  // Every page but the last one names the next.
  const open = pages.filter(({ nextToken }) => nextToken).length;
  return open === pages.length ? 'the list of findings broke off' : undefined;
}

function tally(rows: readonly { readonly severity?: Maybe<string> }[]): SeverityCounts {
  const counts: Partial<Record<Severity, number>> = {};
  for (const row of rows) {
    const severity = severityOf(row.severity ?? undefined);
    counts[severity] = (counts[severity] ?? 0) + 1;
  }
  return counts;
}

function byOurWords(counted: Readonly<Record<string, number>>): SeverityCounts {
  const counts: Partial<Record<Severity, number>> = {};
  for (const [word, count] of Object.entries(counted)) {
    const severity = severityOf(word);
    counts[severity] = (counts[severity] ?? 0) + count;
  }
  return counts;
}
