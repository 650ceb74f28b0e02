import { splitWords } from './split-words.ts';

/** One instruction's text, with the lines that continue it joined to it. */
export interface LogicalLine {
  /** 1-based, of its first line. */
  readonly number: number;
  readonly text: string;
  /** The here-document that never ends. */
  readonly unended?: string;
}

/**
 * Joins continued lines as BuildKit does: an escape character alone at the end continues a line and two do not, the next
 * line keeps its blanks, and comments and empty lines in between are left out. Here-documents are left out too.
 */
export function logicalLines(text: string, escapeWith: string): readonly LogicalLine[] {
  const found: LogicalLine[] = [];
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line) => line.replace(/\r+$/, ''));
  const continued = new RegExp(`(^|[^\\${escapeWith}])\\${escapeWith}[ \\t]*$`);
  for (let at = 0; at < lines.length; ) {
    const number = at + 1;
    let part = (lines[at] ?? '').trimStart();
    at += 1;
    if (part === '' || part.startsWith('#')) continue;
    let joined = part.replace(continued, '$1');
    while (continued.test(part) && at < lines.length) {
      const next = lines[at] ?? '';
      at += 1;
      if (/^\s*(#|$)/.test(next)) continue;
      part = next;
      joined += next.replace(continued, '$1');
    }
    const ends = hereDocuments(joined).map((end) => {
      const after = lines.findIndex((line, n) => n >= at && isEnd(line, end));
      at = after < 0 ? lines.length : after + 1;
      return after < 0 ? end.name : undefined;
    });
    const unended = ends.find((name) => name !== undefined);
    found.push({ number, text: joined, ...(unended === undefined ? {} : { unended }) });
  }
  return found;
}

interface HereDocument {
  readonly name: string;
  /** `<<-`: tabs before its end do not count. */
  readonly tabs: boolean;
}

function hereDocuments(line: string): readonly HereDocument[] {
  const [, said = ''] = /^\s*(?:ONBUILD\s+)?(?:ADD|COPY|RUN)\s(.*)$/is.exec(line) ?? [];
  if (said.trim().startsWith('[')) return [];
  return splitWords(said.replace(/<<[ \t]+/g, '<<'), '\\').flatMap((word) => {
    const [, dash, name = ''] = /^\d*<<(-?)([^<]+)$/.exec(word) ?? [];
    return name === '' ? [] : [{ name: name.replace(/["'\\]/g, ''), tabs: dash === '-' }];
  });
}

function isEnd(line: string, { name, tabs }: HereDocument): boolean {
  return (tabs ? line.replace(/^\t+/, '') : line) === name;
}
