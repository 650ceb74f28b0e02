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

/** Splits at every blank, also inside quotes: so BuildKit reads COPY, ADD, EXPOSE and USER. */
export function wordsAtBlanks(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
