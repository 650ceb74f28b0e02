/** A variable's value, or `undefined` if it has none. */
export type Lookup = (name: string) => string | undefined;

/** Splits at blanks outside quotes; quotes and escapes stay in the words. */
export function splitWords(text: string, escapeWith: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charAt(i);
    if (c === escapeWith && quote !== "'") {
      word += c + text.charAt(i + 1);
      i += 1;
    } else if (quote === '' && /\s/.test(c)) {
      if (word !== '') words.push(word);
      word = '';
    } else {
      if (c === quote) quote = '';
      else if (quote === '' && (c === '"' || c === "'")) quote = c;
      word += c;
    }
  }
  return word === '' ? words : [...words, word];
}

/**
 * Removes quotes and escapes and puts in variables: `$NAME`, `${NAME}`, `${NAME:-word}`, `${NAME:+word}`.
 * Single quotes keep everything as it is. Rule: Dockerfile reference, "Environment replacement".
 * Throws a SyntaxError for any other form of `${…}` and for a quote that does not end.
 */
export function expandWord(word: string, lookup: Lookup, escapeWith: string): string {
  let out = '';
  let quote = '';
  for (let i = 0; i < word.length; i += 1) {
    const c = word.charAt(i);
    const next = word.charAt(i + 1);
    if (quote === "'") {
      if (c === "'") quote = '';
      else out += c;
    } else if (c === escapeWith && (quote === '' || next === '"' || next === '$' || next === escapeWith)) {
      out += next;
      i += 1;
    } else if (c === quote) {
      quote = '';
    } else if (quote === '' && (c === '"' || c === "'")) {
      quote = c;
    } else if (c === '$') {
      const { value, length } = variable(word.slice(i), lookup, escapeWith);
      out += value;
      i += length - 1;
    } else {
      out += c;
    }
  }
  if (quote !== '') throw new SyntaxError(`the quote ${quote} does not end`);
  return out;
}

function variable(text: string, lookup: Lookup, escapeWith: string): { value: string; length: number } {
  const plain = /^\$([A-Za-z_][A-Za-z0-9_]*|[0-9])/.exec(text);
  if (plain) return { value: lookup(plain[1] ?? '') ?? '', length: plain[0].length };
  if (!text.startsWith('${')) return { value: '$', length: 1 };
  const braced = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+])((?:[^{}\\]|\\.)*))?\}/.exec(text);
  if (!braced) throw new SyntaxError(`${text.slice(0, 40)} is a form of variable that is not supported`);
  const [whole, name = '', operator, word = ''] = braced;
  const value = lookup(name);
  const set = operator?.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  const instead = () => expandWord(word, lookup, escapeWith);
  if (operator?.endsWith('-')) return { value: set ? (value ?? '') : instead(), length: whole.length };
  if (operator?.endsWith('+')) return { value: set ? instead() : '', length: whole.length };
  return { value: value ?? '', length: whole.length };
}
