import { setImmediate } from 'node:timers/promises';
import type { Json } from '@tenant-delivery/domain';
import type { PageRows, ScanPage } from '@tenant-delivery/findings';
import { numberIn, objectIn, objectsIn, textIn, timeIn } from '../by-hand/json-answer.ts';
import type { Taking } from '../by-hand/post.ts';
import { required } from '../errors/translate.ts';
import { failures } from '../failures.ts';
import { rowSplitter } from './rows-in-json.ts';

const LISTS = ['findings', 'enhancedFindings'] as const;

const NEXT = /"nextToken":"([^"\\]+)"/g; // a token that needs escapes is read with the rest
const TOKEN = 2_000; // characters; one that is longer and comes in two pieces is read with the rest

type Row = Record<string, unknown>;

/** Reads the rows of an answer of DescribeImageScanFindings while it comes, so that its 2.3 MB are never one text. */
export function takeRows(rows: PageRows): Taking {
  return rowSplitter('imageScanFindings', LISTS, (list, text) => readRow(list, text, rows));
}

/**
 * Reads them once all of the answer came, a piece at a time: `onNext` hears first what seems to be the token of the next
 * page, and what it asks for is sent, and on its way, meanwhile. A row may have such a member too, so it is a guess.
 */
export function takeRowsAtEnd(rows: PageRows, onNext: (token: string) => void): Taking {
  const splitter = takeRows(rows);
  const pieces: string[] = [];
  let next: string | undefined;
  return {
    add(piece) {
      const before = pieces.at(-1)?.slice(-TOKEN) ?? '';
      for (const [, token] of (before + piece).matchAll(NEXT)) next = token;
      pieces.push(piece);
    },
    async rest() {
      if (next !== undefined) onNext(next);
      for (const piece of pieces) {
        await setImmediate();
        splitter.add(piece);
      }
      return splitter.rest();
    },
  };
}

function readRow(list: string, text: string, rows: PageRows): void {
  const row = JSON.parse(text) as Row; // an object: its text begins with a brace
  if (list === 'findings') rows.basic(row);
  else rows.enhanced(withTimes(row));
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
