/** The patterns of `${NAME#pattern}`, `${NAME%pattern}` and `${NAME/pattern/text}`: `*`, `?` and escapes, no brackets. */

/** Without the shortest or longest start that fits. */
export function withoutStart(value: string, pattern: string, longest: boolean): string {
  return value.replace(new RegExp(`^${expressionOf(pattern, longest)}`, 'u'), '');
}

/** Without the shortest or longest end that fits. An expression finds the leftmost match, so both are turned round. */
export function withoutEnd(value: string, pattern: string, longest: boolean): string {
  const tokens = pattern.match(/\\.|./gsu) ?? [];
  return reversed(withoutStart(reversed(value), tokens.reverse().join(''), longest));
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}

/** With the first match or every match replaced; each is the longest at its place. */
export function replaced(value: string, pattern: string, text: string, everywhere: boolean): string {
  if (everywhere && text.includes('$'))
    throw new SyntaxError(`the replacement ${text} has a $, which BuildKit reads as a group of its pattern`);
  const expression = new RegExp(expressionOf(pattern, true), everywhere ? 'gu' : 'u');
  let end = -1;
  return value.replace(expression, (match: string, at: number) => {
    const empty = match === '' && at === end; // right after a match, nothing is no further match
    end = at + match.length;
    return empty ? '' : text;
  });
}

function expressionOf(pattern: string, longest: boolean): string {
  return pattern.replace(/\\.?|[^\\]/gsu, (token) => {
    if (token === '*') return longest ? '[^\\n]*' : '[^\\n]*?';
    if (token === '?') return '[^\\n]';
    if (['\\*', '\\?', '\\\\'].includes(token)) return token;
    if (!token.startsWith('\\')) return token.replace(/[[\]{}.+()|^$]/, '\\$&');
    if (token === '\\}') return '\\}';
    if (token === '\\/') return '/';
    throw new SyntaxError(`the pattern ${pattern} has the escape ${token}, which is unknown`);
  });
}
