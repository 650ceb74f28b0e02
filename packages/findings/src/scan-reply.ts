import { SEVERITIES, type Severity } from '@tenant-delivery/domain';
import type { ScanMode } from './ports.ts';

export type SeverityCounts = Readonly<Partial<Record<Severity, number>>>;

/** What the registry says of one child's inspection, before anybody believes it. */
export interface ScanReply {
  /** The registry's status word, or `SCAN_NOT_FOUND` and `IMAGE_NOT_FOUND` where it knows of no scan or image. */
  readonly status: string;
  readonly description?: string;
  /** Epoch milliseconds; absent in replies that came too early. */
  readonly completedAt?: number;
  /** Epoch milliseconds of the registry's knowledge, where it says so. */
  readonly sourceUpdatedAt?: number;
  /** The registry's own time when it was asked, in epoch milliseconds; absent where it has not told the time yet. */
  readonly askedAt?: number;
  /** Rows listed over all pages. */
  readonly listed: number;
  /** The registry's own total; absent when it gave none. */
  readonly counted?: number;
  /** The same by severity: of all rows, of the rows that are not suppressed, and as the registry counts them. */
  readonly bySeverity?: {
    readonly listed: SeverityCounts;
    readonly active: SeverityCounts;
    readonly counted: SeverityCounts;
  };
  /** The lists that had rows; `none` when there was no row. */
  readonly kind?: ScanMode['type'] | 'both' | 'none';
  /** Why the pages are no one answer: what changed from one to the next, or what a row lacks. */
  readonly torn?: string;
}

/** The registry keeps whole seconds: what it dates may have been any time in the second that begins then. */
export const WHOLE_SECOND = 1000;

/** Why a reply that calls itself finished contradicts itself. */
export function tooEarly(reply: ScanReply, type: ScanMode['type']): string | undefined {
  const { status, kind, counted, listed, bySeverity, torn } = reply;
  if (torn !== undefined) return torn;
  if (kind === 'both' || (kind !== undefined && kind !== 'none' && kind !== type)) {
    return `the registry is set to ${type} scanning and lists findings of ${kind === 'both' ? 'both kinds' : `${kind} scanning`}`;
  }
  if (counted === undefined) return `${status} came without severity counts`;
  if (bySeverity) {
    const agrees = [bySeverity.listed, bySeverity.active].some((rows) => equal(rows, bySeverity.counted));
    if (agrees) return undefined;
  } else if (counted === listed) return undefined;
  return counted === listed
    ? `${counted} findings are counted and listed, of other severities`
    : `${counted} findings are counted but ${listed} are listed`;
}

export function undated({ status, completedAt }: ScanReply, pushedAt: number): string | undefined {
  if (completedAt === undefined) return `${status} came without a completion time`;
  return before(completedAt, pushedAt) ? 'the inspection is older than the push' : undefined;
}

export function before(scanned: number, pushedAt: number): boolean {
  return scanned + WHOLE_SECOND <= pushedAt;
}

/** What looks must have in common: status, count and severities. */
export function answerOf({ status, listed, counted, bySeverity }: ScanReply): string {
  const severities = SEVERITIES.map((severity) => bySeverity?.listed[severity] ?? 0);
  return JSON.stringify([status, listed, counted, severities]);
}

function equal(a: SeverityCounts, b: SeverityCounts): boolean {
  return SEVERITIES.every((severity) => (a[severity] ?? 0) === (b[severity] ?? 0));
}
