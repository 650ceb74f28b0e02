import { orderRows } from './order-rows.ts';
import type { Judgement } from './verdict.ts';

const COLUMNS = [
  'effect',
  'rule',
  'why',
  'vulnerability',
  'severity',
  'package',
  'version',
  'fixedIn',
  'filePath',
  'platforms',
  'waivedUntil',
  'uri',
] as const;

/** Every finding in a line, for a spreadsheet; a cell is text there, and never a formula. */
export function* renderCsv({ rows, waivers }: Judgement): Generator<string> {
  yield lineOf(COLUMNS);
  for (const { finding, effect, rule, why, waiver } of orderRows(rows)) {
    const until = waiver === undefined ? undefined : waivers[waiver]?.waiver.expires;
    const { vulnerability, severity, package: name, version, fixedIn, filePath, platforms, uri } = finding;
    yield lineOf([
      effect,
      rule,
      why,
      vulnerability,
      severity,
      name,
      version,
      fixedIn,
      filePath,
      platforms.join(' '),
      until,
      uri,
    ]);
  }
}

function lineOf(cells: readonly (string | undefined)[]): string {
  return `${cells.map((cell) => cellOf(cell ?? '')).join(',')}\r\n`;
}

/** RFC 4180; what a spreadsheet would calculate begins with an apostrophe. */
function cellOf(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
