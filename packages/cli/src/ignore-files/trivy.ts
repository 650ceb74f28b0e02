import { kindOfFinding, whyNoVulnerability } from './finding-id.ts';
import { type Imported, lastDayBefore, type WaiverDraft } from './waiver-draft.ts';

/** `.trivyignore`: an id a line, `exp:` a day on which it ends, and comments. All lines of a comment are the reason of the id below. */
export function readTrivyLines(text: string): Imported {
  const drafts: WaiverDraft[] = [];
  const left: string[] = [];
  let comment: string[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) {
      comment = line === '' ? [] : [...comment, line.replace(/^#+\s*/, '')];
      continue;
    }
    const [entry = '', ...remark] = line.split(/\s#/);
    const [id = '', ...words] = entry.trim().split(/\s+/);
    const said = remark.join(' #').trim() || comment.join(' ').trim();
    const ends = words.find((word) => word.startsWith('exp:'))?.slice('exp:'.length);
    comment = [];
    if (kindOfFinding(id) !== 'vulnerability') {
      left.push(`line ${index + 1}: ${whyNoVulnerability(id)}`);
      continue;
    }
    const expires = ends === undefined ? undefined : lastDayBefore(String(ends));
    if (drafts.some((draft) => draft.id === id && draft.expires === expires)) continue;
    drafts.push({ id, ...reasonOf(said), ...(expires && { expires }), notes: [] });
  }
  return { drafts, left };
}

/** `.trivyignore.yaml`: by kind, with paths, packages and an end. */
export function readTrivyYaml(document: unknown): Imported {
  const kinds = Object.entries(Object(document));
  const left = kinds
    .filter(([kind]) => kind !== 'vulnerabilities')
    .map(([kind, entries]) => `${kind}: the gate judges vulnerabilities alone${idsIn(entries)}`);
  const entries = Object(document).vulnerabilities;
  const drafts: WaiverDraft[] = [];
  for (const [index, entry] of (Array.isArray(entries) ? entries : []).entries()) {
    const { id, paths, purls, expired_at: ends, statement } = Object(entry);
    if (typeof id !== 'string' || kindOfFinding(id) !== 'vulnerability') {
      const why = typeof id === 'string' ? whyNoVulnerability(id) : 'it names no vulnerability';
      left.push(`vulnerabilities.${index}: ${why}`);
      continue;
    }
    const expires = ends === undefined ? undefined : lastDayBefore(String(ends));
    const common = {
      id,
      ...(texts(paths).length > 0 && { paths: texts(paths).map(plainGlob) }),
      ...reasonOf(statement),
      ...(expires && { expires }),
    };
    const named = texts(purls);
    if (named.length === 0) drafts.push({ ...common, notes: [] });
    for (const purl of named) drafts.push({ ...common, package: bare(purl), notes: [] });
  }
  return { drafts, left };
}

/** `, not AVD-DS-0002 and AVD-DS-0026`. */
function idsIn(entries: unknown): string {
  const ids = (Array.isArray(entries) ? entries : []).flatMap((entry) => {
    const { id } = Object(entry);
    return typeof id === 'string' ? [id] : [];
  });
  return ids.length === 0 ? '' : `, not ${ids.join(', ')}`;
}

/** `**` of other tools: here one star matches any characters, slashes included. */
export function plainGlob(path: string): string {
  return path.replace(/\*{2,}/g, '*');
}

export function reasonOf(text: unknown): { readonly reason?: string } {
  const said = typeof text === 'string' ? text.trim() : '';
  return said.length >= 10 ? { reason: said.slice(0, 1000).toWellFormed() } : {};
}

function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : []).filter((each) => typeof each === 'string');
}

/** Without qualifiers: a waiver is for a package whatever its architecture. */
function bare(purl: string): string {
  return purl.replace(/[?#].*$/, '');
}
