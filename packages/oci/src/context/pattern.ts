/**
 * A pattern of COPY or .dockerignore as a regular expression over relative paths: `*` and `?` stay within one part,
 * `**` spans parts, `[…]` is a class, `\` escapes. Rule: Go's filepath.Match and the .dockerignore reference.
 */
export function patternToRegExp(pattern: string): RegExp {
  let out = '';
  for (let i = 0; i < pattern.length; i += 1) {
    const c = pattern.charAt(i);
    if (c === '*' && pattern.charAt(i + 1) === '*') {
      i += 1;
      if (pattern.charAt(i + 1) === '/') {
        i += 1;
        out += '(?:[^/]+/)*';
      } else {
        out += '.*';
      }
    } else if (c === '*') out += '[^/]*';
    else if (c === '?') out += '[^/]';
    else if (c === '[') {
      const end = pattern.indexOf(']', i + 1);
      if (end < 0) out += '\\[';
      else {
        const inside = pattern.slice(i + 1, end);
        out += `[${inside.startsWith('!') ? `^${inside.slice(1)}` : inside}]`.replace(/\\(?!\])/g, '\\\\');
        i = end;
      }
    } else if (c === '\\' && i + 1 < pattern.length) {
      i += 1;
      out += escapeCharacter(pattern.charAt(i));
    } else out += escapeCharacter(c);
  }
  return new RegExp(`^${out}$`);
}

export function isPattern(text: string): boolean {
  return /[*?[]/.test(text);
}

function escapeCharacter(c: string): string {
  return c.replace(/[.+^${}()|[\]\\/*?]/, '\\$&');
}
