import { lexer, type Token, type Tokens } from 'marked';

const WIDEST = 110; // characters of a table's row; a wider one is told cell by cell

/** A summary as lines of a terminal. Of what is folded, its line is shown; a drawing is left out. */
export function summaryText(markdown: string, bold: (text: string) => string): readonly string[] {
  let folded = 0;
  const lines: string[] = [];
  for (const token of lexer(markdown, { gfm: true })) {
    const text = token.type === 'html' ? token.raw : '';
    const [, line] = /^<details><summary>(.*)<\/summary>/.exec(text) ?? [];
    if (line !== undefined) {
      if (folded === 0) lines.push(`▸ ${plain(line.replace(/<\/?b>|<!--.*?-->/g, ''))}`);
      folded += 1;
    } else if (text.startsWith('</details>')) folded -= 1;
    else if (folded === 0) lines.push(...linesOf(token, bold));
  }
  return lines;
}

function linesOf(token: Token, bold: (text: string) => string): readonly string[] {
  const said = (tokens: readonly Token[] = []) => inline(tokens, bold);
  switch (token.type) {
    case 'heading':
      return [bold(said(token.tokens))];
    case 'paragraph':
      return said(token.tokens).split('\n');
    case 'list':
      return (token as Tokens.List).items.map(({ tokens }) => `- ${said(tokens)}`);
    case 'code':
      return token['lang'] === 'mermaid' ? [] : token.text.split('\n').map((line: string) => `    ${line}`);
    case 'table':
      return table(token as Tokens.Table, said);
    default:
      return []; // blank lines
  }
}

function table(
  { header, rows }: Tokens.Table,
  said: (tokens: readonly Token[]) => string,
): readonly string[] {
  const heads = header.map(({ tokens }) => said(tokens));
  const cells = rows.map((row) => row.map(({ tokens }) => said(tokens)));
  const widths = heads.map((head, at) =>
    Math.max(head.length, ...cells.map((row) => (row[at] ?? '').length)),
  );
  if (widths.reduce((sum, width) => sum + width + 2, 0) > WIDEST)
    return cells.flatMap((row) => row.map((cell, at) => `${at === 0 ? '- ' : '  '}${heads[at]}: ${cell}`));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [heads, ...cells].map(line);
}

function inline(tokens: readonly Token[], bold: (text: string) => string): string {
  return tokens
    .map((token) => {
      if (token.type === 'html') return /^<br/.test(token.raw) ? '; ' : '';
      if (token.type === 'codespan') return token.text;
      if (token.type === 'escape') return token.text;
      const inner = 'tokens' in token && token.tokens ? inline(token.tokens, bold) : plain(token.raw);
      if (token.type === 'strong') return bold(inner);
      return token.type === 'link' ? `${inner}: ${token['href']}` : inner;
    })
    .join('');
}

/** The few names of characters that our Markdown has (`escapeMarkdown`). */
function plain(text: string): string {
  const names: Readonly<Record<string, string>> = { '&lt;': '<', '&amp;': '&', '&#58;': ':', '&#46;': '.' };
  return text.replace(/&(?:lt|amp|#58|#46);/g, (name) => names[name] ?? name);
}
