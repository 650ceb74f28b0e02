import { replaced, withoutEnd, withoutStart } from './variable-pattern.ts';

/** A variable's value, or `undefined` if it has none. */
export type Lookup = (name: string) => string | undefined;

/**
 * Removes quotes and escapes and puts in variables, in every form that BuildKit knows: `$NAME`, `${NAME}`, `:-`, `-`,
 * `:+`, `+`, `:?`, `?`, `#`, `##`, `%`, `%%`, `/` and `//`. Rules: Dockerfile reference, "Environment replacement", and
 * BuildKit's own table of words. Throws a SyntaxError where BuildKit ends the build.
 */
export function expandWord(word: string, lookup: Lookup, escapeWith: string): string {
  return new Expansion(word, lookup, escapeWith).until(undefined, false);
}

const NAME = /^(?:\p{Nd}+|[@*#?$!-]|[\p{L}_][\p{L}\p{Nd}_]*)/u;

class Expansion {
  readonly #word: string;
  readonly #lookup: Lookup;
  readonly #escapeWith: string;
  #at = 0;
  /** In a pattern an escape stays, because the pattern has escapes of its own. */
  #keepsEscapes = false;

  constructor(word: string, lookup: Lookup, escapeWith: string) {
    this.#word = word;
    this.#lookup = lookup;
    this.#escapeWith = escapeWith;
  }

  /** Expands up to the end mark, and passes it. */
  until(end: string | undefined, keepsEscapes: boolean): string {
    const before = this.#keepsEscapes;
    this.#keepsEscapes = keepsEscapes;
    let out = '';
    while (this.#peek() !== end) {
      if (this.#peek() === undefined) throw new SyntaxError(`${this.#word} has no ${end} where it needs one`);
      out += this.#part();
    }
    this.#at += 1;
    this.#keepsEscapes = before;
    return out;
  }

  #peek(): string | undefined {
    return this.#word[this.#at];
  }

  #next(): string {
    this.#at += 1;
    return this.#word[this.#at - 1] ?? '';
  }

  #part(): string {
    const c = this.#next();
    if (c === "'") return this.#singleQuoted();
    if (c === '"') return this.#doubleQuoted();
    if (c === '$') return this.#variable();
    if (c === this.#escapeWith) return (this.#keepsEscapes ? c : '') + this.#next();
    return c;
  }

  #singleQuoted(): string {
    const end = this.#word.indexOf("'", this.#at);
    if (end < 0) throw new SyntaxError("the quote ' does not end");
    const inside = this.#word.slice(this.#at, end);
    this.#at = end + 1;
    return inside;
  }

  #doubleQuoted(): string {
    let out = '';
    for (let c = this.#next(); c !== '"'; c = this.#next()) {
      if (c === '') throw new SyntaxError('the quote " does not end');
      out += c === '$' ? this.#variable() : this.#escapedInQuotes(c);
    }
    return out;
  }

  /** In double quotes an escape works on a quote, a dollar and itself alone. */
  #escapedInQuotes(c: string): string {
    if (c !== this.#escapeWith) return c;
    const escapes = ['"', '$', this.#escapeWith].includes(this.#peek() ?? '');
    return (this.#keepsEscapes || !escapes ? c : '') + (escapes ? this.#next() : '');
  }

  #name(): string {
    const name = NAME.exec(this.#word.slice(this.#at))?.[0] ?? '';
    this.#at += name.length;
    return name;
  }

  #variable(): string {
    if (this.#peek() !== '{') {
      const name = this.#name();
      return name === '' ? '$' : (this.#lookup(name) ?? '');
    }
    this.#at += 1;
    const name = this.#name();
    if (name === '') throw new SyntaxError(`${this.#word} has a \${ without a name`);
    const value = this.#lookup(name);
    const operator = this.#next();
    switch (operator) {
      case '}':
        return value ?? '';
      case ':':
        return this.#chosen(name, value === '' ? undefined : value, this.#next());
      case '#':
      case '%':
        return this.#shortened(value ?? '', operator);
      case '/':
        return this.#replaced(value ?? '');
      default:
        return this.#chosen(name, value, operator);
    }
  }

  #chosen(name: string, value: string | undefined, operator: string): string {
    const word = this.until('}', false);
    if (operator === '-') return value ?? word;
    if (operator === '+') return value === undefined ? '' : word;
    if (operator !== '?')
      throw new SyntaxError(`\${${name}…} has the modifier ${operator}, which is unknown`);
    if (value === undefined) throw new SyntaxError(`${name}: ${word || 'it needs a value, and has none'}`);
    return value;
  }

  #shortened(value: string, operator: '#' | '%'): string {
    const word = this.until('}', true);
    const longest = word.startsWith(operator);
    const pattern = longest ? word.slice(1) : word;
    return operator === '#' ? withoutStart(value, pattern, longest) : withoutEnd(value, pattern, longest);
  }

  #replaced(value: string): string {
    const everywhere = this.#peek() === '/';
    if (everywhere) this.#at += 1;
    const pattern = this.until('/', true);
    return replaced(value, pattern, this.until('}', true), everywhere);
  }
}
