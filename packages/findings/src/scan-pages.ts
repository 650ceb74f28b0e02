import { SEVERITIES, type Severity } from '@tenant-delivery/domain';
import { type BasicRow, basicFinding } from './basic-row.ts';
import { type EnhancedRow, findingsOfRow, INCOMPLETE } from './enhanced-row.ts';
import type { Finding } from './finding.ts';
import type { ScanReply, SeverityCounts } from './scan-reply.ts';
import { severityOf } from './severity.ts';
import { type SharedTexts, sharedTexts } from './shared-texts.ts';

/** One page of DescribeImageScanFindings as far as it is read; every member may be missing. */
export interface ScanPage {
  readonly imageScanStatus?: Maybe<{ readonly status?: Maybe<string>; readonly description?: Maybe<string> }>;
  readonly imageScanFindings?: Maybe<{
    readonly imageScanCompletedAt?: Maybe<Date>;
    readonly vulnerabilitySourceUpdatedAt?: Maybe<Date>;
    readonly findingSeverityCounts?: Maybe<Readonly<Record<string, number>>>;
    readonly findings?: Maybe<readonly BasicRow[]>;
    readonly enhancedFindings?: Maybe<readonly EnhancedRow[]>;
  }>;
  readonly nextToken?: Maybe<string>;
}

export type Maybe<T> = T | null | undefined;

/**
 * What all pages of one look say together. If pages contradict each other, the list breaks off, or a row does not say what
 * it is about, the reply is `torn`: it is kept, and is no evidence.
 */
export function readPages(pages: readonly ScanPage[], platform: string): Reading {
  const reader = pageReader(platform);
  for (const page of pages) reader.add(page);
  return reader.read();
}

export interface Reading {
  readonly reply: ScanReply;
  readonly findings: readonly Finding[];
}

/** The same page by page, so that no more than one page is held in the registry's own words. */
export function pageReader(
  platform: string,
  shared: SharedTexts = sharedTexts(),
): { add(page: ScanPage): void; read(): Reading } {
  const platforms = [platform];
  const findings: Finding[] = [];
  const heads: ScanPage[] = [];
  const listed: Tally = {};
  const active: Tally = {};
  const lists = { basic: 0, enhanced: 0, incomplete: 0 };
  const count = (severity: Maybe<string>, isActive: boolean) => {
    const name = severityOf(severity ?? undefined);
    listed[name] = (listed[name] ?? 0) + 1;
    if (isActive) active[name] = (active[name] ?? 0) + 1;
  };
  const addBasic = (row: BasicRow) => {
    lists.basic += 1;
    count(row.severity, true);
    findings.push(basicFinding(row, platform));
  };
  const addEnhanced = (row: EnhancedRow) => {
    lists.enhanced += 1;
    // A closed row is over, and is no part of the counts either.
    if (row.status === 'CLOSED') return;
    count(row.severity, row.status !== 'SUPPRESSED');
    const read = findingsOfRow(row, platforms, shared);
    if (read === INCOMPLETE) lists.incomplete += 1;
    else findings.push(...read);
  };
  return {
    add({ imageScanStatus, imageScanFindings, nextToken }) {
      const {
        findings: basic,
        enhancedFindings,
        imageScanCompletedAt,
        vulnerabilitySourceUpdatedAt,
        findingSeverityCounts,
      } = imageScanFindings ?? {};
      heads.push({
        imageScanStatus,
        imageScanFindings: imageScanFindings && {
          imageScanCompletedAt,
          vulnerabilitySourceUpdatedAt,
          findingSeverityCounts,
        },
        nextToken,
      });
      for (const row of basic ?? []) addBasic(row);
      for (const row of enhancedFindings ?? []) addEnhanced(row);
    },
    read: () => ({ reply: replyOf({ heads, listed, active, lists }), findings }),
  };
}

interface ReadRows {
  /** The pages without their rows. */
  readonly heads: readonly ScanPage[];
  readonly listed: Tally;
  readonly active: Tally;
  readonly lists: { readonly basic: number; readonly enhanced: number; readonly incomplete: number };
}

function replyOf({ heads, listed, active, lists }: ReadRows): ScanReply {
  const status = firstOf(heads, (page) => page.imageScanStatus?.status);
  const description = firstOf(heads, (page) => page.imageScanStatus?.description);
  const completedAt = firstOf(heads, (page) => page.imageScanFindings?.imageScanCompletedAt)?.getTime();
  const sourceUpdatedAt = firstOf(
    heads,
    (page) => page.imageScanFindings?.vulnerabilitySourceUpdatedAt,
  )?.getTime();
  const counts = firstOf(heads, (page) => page.imageScanFindings?.findingSeverityCounts);
  const torn =
    lists.incomplete > 0
      ? 'a finding came without the package or the vulnerability that it is about'
      : disagreement(heads);
  return {
    status: status ?? 'NO_STATUS',
    listed: SEVERITIES.reduce((sum, severity) => sum + (listed[severity] ?? 0), 0),
    ...(description && { description }),
    ...(completedAt !== undefined && !Number.isNaN(completedAt) && { completedAt }),
    ...(sourceUpdatedAt !== undefined && !Number.isNaN(sourceUpdatedAt) && { sourceUpdatedAt }),
    ...(counts && {
      counted: Object.values(counts).reduce((sum, count) => sum + count, 0),
      bySeverity: { listed, active, counted: byOurWords(counts) },
    }),
    kind: kindOf(lists.basic > 0, lists.enhanced > 0),
    ...(torn && { torn }),
  };
}

type Tally = Partial<Record<Severity, number>>;

function kindOf(basic: boolean, enhanced: boolean): NonNullable<ScanReply['kind']> {
  if (basic && enhanced) return 'both';
  if (enhanced) return 'enhanced';
  return basic ? 'basic' : 'none';
}

/** Pages are one answer only if nothing changed between them. A page that does not say something contradicts no other. */
function disagreement(pages: readonly ScanPage[]): string | undefined {
  if (pages.length === 0) return 'the registry gave no page';
  const said = [
    pages.map(({ imageScanStatus }) => imageScanStatus?.status),
    pages.map(({ imageScanFindings }) => imageScanFindings?.imageScanCompletedAt?.getTime()),
    pages.map(({ imageScanFindings }) => {
      const counts = imageScanFindings?.findingSeverityCounts;
      return counts && JSON.stringify(Object.entries(counts).sort());
    }),
  ];
  const changed = said.some((values) => new Set(values.filter((value) => value !== undefined)).size > 1);
  if (changed) return 'the inspection changed while its pages were read';
  // Every page but the last one names the next.
  const open = pages.filter(({ nextToken }) => nextToken).length;
  return open === pages.length ? 'the list of findings broke off' : undefined;
}

/** What the first page says that says it. */
function firstOf<T>(pages: readonly ScanPage[], of: (page: ScanPage) => Maybe<T>): T | undefined {
  for (const page of pages) {
    const value = of(page);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function byOurWords(counted: Readonly<Record<string, number>>): SeverityCounts {
  const counts: Tally = {};
  for (const [word, count] of Object.entries(counted)) {
    const severity = severityOf(word);
    counts[severity] = (counts[severity] ?? 0) + count;
  }
  return counts;
}
