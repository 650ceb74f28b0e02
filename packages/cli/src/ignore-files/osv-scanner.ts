import { parse, TomlError } from 'smol-toml';
import { reasonOf } from './trivy.ts';
import { type Imported, lastDayBefore, type WaiverDraft } from './waiver-draft.ts';

/** Any database's: this file has ids of vulnerabilities alone. */
const VULNERABILITY = /^[A-Za-z][A-Za-z0-9]{1,15}-[A-Za-z0-9][A-Za-z0-9:._-]{1,80}$/;
const TAKEN = ['id', 'reason', 'ignoreUntil', 'effectiveUntil'];

/** `[[IgnoredVulns]]` of `osv-scanner.toml`: tables of an id, a reason and an end. */
export function readOsvScanner(text: string): Imported | { readonly mistakes: readonly string[] } {
  const read = documentOf(text);
  if ('mistakes' in read) return read;
  const { IgnoredVulns: ignored = [], ...others } = read.document;
  const drafts: WaiverDraft[] = [];
  const left = Object.keys(others).map((name) => `${name}: it ignores no vulnerability by its id`);
  for (const [index, table] of (Array.isArray(ignored) ? ignored : [ignored]).entries()) {
    const { id, reason, ignoreUntil, effectiveUntil } = Object(table);
    if (typeof id !== 'string' || !VULNERABILITY.test(id)) {
      left.push(`IgnoredVulns.${index}: it names no vulnerability`);
      continue;
    }
    const expires = lastDayBefore(String(ignoreUntil ?? effectiveUntil));
    const more = Object.keys(Object(table)).filter((key) => !TAKEN.includes(key));
    drafts.push({
      id,
      ...reasonOf(reason),
      ...(expires && { expires }),
      notes: more.length > 0 ? [`the table also had ${more.join(', ')}; this waiver does not`] : [],
    });
  }
  return { drafts, left };
}

function documentOf(
  text: string,
): { readonly document: Readonly<Record<string, unknown>> } | { readonly mistakes: readonly string[] } {
  try {
    return { document: parse(text) };
  } catch (thrown) {
    if (!(thrown instanceof TomlError)) throw thrown;
    const [what = 'it is no TOML'] = thrown.message.split('\n');
    return { mistakes: [`line ${thrown.line}: ${what}`] };
  }
}
