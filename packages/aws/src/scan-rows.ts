import { setImmediate } from 'node:timers/promises';
import type { Json } from '@tenant-delivery/domain';
import type { PageRows, ScanPage } from '@tenant-delivery/findings';
import { failures } from './failures.ts';
import { numberIn, objectIn, objectsIn, textIn, timeIn } from './json-answer.ts';
import type { Taking } from './post.ts';
import { rowSplitter } from './rows-in-json.ts';
import { required } from './translate.ts';

const LISTS = ['findings', 'enhancedFindings'] as const;

type Row = Record<string, unknown>;

const AT_ONCE = 100; // rows that are read before others get their turn

/** A row of an answer, in the text that it came in. */
export interface RowText {
  readonly list: string;
  readonly text: string;
}

/** Takes the rows out of an answer of DescribeImageScanFindings while it comes, so that its 2.3 MB are never one text. */
export function takeRows(take: (row: RowText) => void): Taking {
  return rowSplitter('imageScanFindings', LISTS, (list, text) => take({ list, text }));
}

export function readRow({ list, text }: RowText, rows: PageRows): void {
  const row = JSON.parse(text) as Row; // an object: its text begins with a brace
  if (list === 'findings') rows.basic(row);
  else rows.enhanced(withTimes(row));
}

/** Reads rows a few at a time: whatever was asked meanwhile is sent, and is on its way while they are read. */
export async function readRows(texts: readonly RowText[], rows: PageRows): Promise<void> {
  for (let from = 0; from < texts.length; from += AT_ONCE) {
    await setImmediate();
    for (const text of texts.slice(from, from + AT_ONCE)) readRow(text, rows);
  }
}

/** The rest of such an answer. */
export function pageIn(answer: Json): ScanPage & { readonly nextToken: string | undefined } {
  const status = objectIn(answer, 'imageScanStatus');
  const found = objectIn(answer, 'imageScanFindings');
  return {
    imageScanStatus:
      status === undefined
        ? undefined
        : { status: textIn(status, 'status'), description: textIn(status, 'description') },
    imageScanFindings: found === undefined ? undefined : headOf(found),
    nextToken: textIn(answer, 'nextToken'),
  };
}

function headOf(found: Json): NonNullable<ScanPage['imageScanFindings']> {
  // What is left in a list is no object: a row that nobody can read.
  for (const list of LISTS)
    if (objectsIn(found, list)?.length) throw failures.awsEmptyReply(`imageScanFindings.${list} of objects`);
  const counts = objectIn(found, 'findingSeverityCounts');
  return {
    imageScanCompletedAt: dateIn(found, 'imageScanCompletedAt'),
    vulnerabilitySourceUpdatedAt: dateIn(found, 'vulnerabilitySourceUpdatedAt'),
    findingSeverityCounts: counts === undefined ? undefined : countsIn(counts),
  };
}

function countsIn(counts: Json): Readonly<Record<string, number>> {
  const count = (severity: string) =>
    required(numberIn(counts, severity), `findingSeverityCounts.${severity}`);
  return Object.fromEntries(Object.keys(counts ?? {}).map((severity) => [severity, count(severity)]));
}

function dateIn(answer: Json, name: string): Date | undefined {
  const time = timeIn(answer, name);
  return time === undefined ? undefined : new Date(time);
}

/** Of the times of a row those that are read; in an answer they are seconds since the epoch. */
function withTimes(row: Row): Row {
  row['firstObservedAt'] = timeOf(row['firstObservedAt']);
  const details = row['packageVulnerabilityDetails'];
  if (typeof details === 'object' && details !== null) {
    const said: Row = details as Row; // parsed JSON
    said['vendorCreatedAt'] = timeOf(said['vendorCreatedAt']);
  }
  return row;
}

function timeOf(said: unknown): Date | undefined {
  return typeof said === 'number' ? new Date(said * 1000) : undefined;
}
