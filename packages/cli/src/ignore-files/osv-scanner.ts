import { reasonOf, VULNERABILITY } from './trivy.ts';
import { type Imported, lastDayBefore, type WaiverDraft } from './waiver-draft.ts';

/**
 * `[[IgnoredVulns]]` of `osv-scanner.toml`: tables of an id, a reason and an end. As much of TOML as they need: one
 * key a line, texts in quotes and times. A line that is read otherwise is told.
 */
export function readOsvScanner(text: string): Imported {
  const drafts: WaiverDraft[] = [];
  const left: string[] = [];
  let table: { readonly at: number; readonly values: Map<string, string> } | undefined;
  const close = () => {
    if (!table) return;
    const { at, values } = table;
    const id = values.get('id') ?? '';
    const ends = values.get('ignoreUntil') ?? values.get('effectiveUntil');
    const expires = ends === undefined ? undefined : lastDayBefore(String(ends));
    if (VULNERABILITY.test(id))
      drafts.push({ id, ...reasonOf(values.get('reason')), ...(expires && { expires }), notes: [] });
    else left.push(`line ${at}: the table names no vulnerability`);
    table = undefined;
  };
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const head = /^\[+([A-Za-z.]+)\]+\s*(?:#.*)?$/.exec(line)?.[1];
    if (head !== undefined) {
      close();
      if (head === 'IgnoredVulns') table = { at: index + 1, values: new Map() };
      else left.push(`line ${index + 1}: ${head} is no ignored vulnerability`);
      continue;
    }
    const [, key = '', value = ''] = /^([A-Za-z]+)\s*=\s*(.+)$/.exec(line) ?? [];
    const read = textOrTime(value);
    if (!table) continue;
    if (key === '' || read === undefined) left.push(`line ${index + 1}: it is not read`);
    else table.values.set(key, read);
  }
  close();
  return { drafts, left };
}

/** A text in quotes, or a time without. */
function textOrTime(text: string): string | undefined {
  const quoted = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(text)?.[1];
  if (quoted !== undefined) {
    try {
      return String(JSON.parse(`"${quoted}"`));
    } catch {
      return undefined;
    }
  }
  return /^'([^']*)'\s*(?:#.*)?$/.exec(text)?.[1] ?? /^(\d{4}-\d\d-\d\d\S*)\s*(?:#.*)?$/.exec(text)?.[1];
}
