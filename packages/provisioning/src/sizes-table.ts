import type { DocumentSize } from './sizes.ts';

/** One column of sizes: a shape, or an environment of a contract. */
export interface Column {
  readonly heading: string;
  readonly sizes: readonly DocumentSize[];
}

/** Markdown: a row for each document that has a quota; `-` where an environment has no such, `!` where it is too large. */
export function sizesTable(columns: readonly Column[]): string {
  const all = new Map(columns.flatMap(({ sizes }) => sizes.map((size) => [keyOf(size), size] as const)));
  const rows = [...all].map(([key, { document, of, quota }]) => [
    document,
    of,
    String(quota),
    ...columns.map(({ sizes }) => shown(sizes.find((size) => keyOf(size) === key))),
  ]);
  const head = ['document', 'of', 'quota', ...columns.map(({ heading }) => heading)];
  const widths = head.map((text, at) => Math.max(text.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => (at < 2 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

function keyOf({ document, of }: DocumentSize): string {
  return `${document} ${of}`;
}

function shown(found: DocumentSize | undefined): string {
  if (!found) return '-';
  return found.size > found.quota ? `${found.size}!` : String(found.size);
}
