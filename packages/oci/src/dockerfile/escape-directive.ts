/** What `# escape=` at the top of a file says: one of the two characters, or why BuildKit refuses it. */
export type EscapeDirective = { readonly escapeWith: string; readonly mistake?: string };

const DIRECTIVES = ['syntax', 'check', 'escape'];

/** Rule: Dockerfile reference, "Parser directives". They end at the first line that is none, even if it is a comment. */
export function readEscapeDirective(text: string): EscapeDirective {
  const seen = new Map<string, string>();
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    const [, name = '', value = ''] = /^\s*#\s*([a-z][a-z0-9]*)\s*=\s*(.+?)\s*$/i.exec(line) ?? [];
    const directive = name.toLowerCase();
    if (!DIRECTIVES.includes(directive)) break;
    if (seen.has(directive))
      return { escapeWith: '\\', mistake: `# ${directive}= is there twice; keep one of them` };
    seen.set(directive, value);
  }
  const escapeWith = seen.get('escape') ?? '\\';
  return escapeWith === '\\' || escapeWith === '`'
    ? { escapeWith }
    : { escapeWith: '\\', mistake: `# escape=${escapeWith} names neither \\ nor \`; write one of the two` };
}
