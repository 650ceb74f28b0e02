/** A JSON text without its rows, as far as it has come. */
export interface RowSplitter {
  add(chunk: string): void;
  /** The text with its lists empty. */
  rest(): string;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const SPACE = 0x20; // and what comes before it: tabs, ends of lines
const OBJECT = 0x7b;
const LIST = 0x5b;
const OBJECT_END = 0x7d;
const LIST_END = 0x5d;

/**
 * Hands on each object of the lists `in` holds (`{ "in": { "LIST": [ {…}, {…} ] } }`) as soon as its text is whole, so
 * that neither a page's text nor its rows are ever held at once. Only finds where texts end: what is wrong JSON stays
 * wrong, in a row or in the rest, for whoever parses them.
 */
export function rowSplitter(
  within: string,
  lists: readonly string[],
  onRow: (list: string, text: string) => void,
): RowSplitter {
  const kinds: number[] = [];
  /** The last text at the first and at the second level: the name of what is opened next. */
  const names = ['', '', ''];
  let inString = false;
  let escaped = false;
  let kept = '';
  let row = '';
  let name = '';

  const inList = (depth: number) =>
    depth === 3 && kinds[2] === LIST && names[1] === within && lists.includes(names[2] ?? '');
  const inRow = () => kinds.length > 3 && inList(3);

  return {
    rest: () => kept,
    add(chunk) {
      let from = 0; // of what belongs to the text that is being taken
      const endOfRun = runsIn(chunk);
      const take = (to: number) => {
        if (inRow()) row += chunk.slice(from, to);
        else kept += chunk.slice(from, to);
        from = to;
      };
      for (let at = 0; at < chunk.length; at += 1) {
        if (inString) {
          const end = escaped ? at : endOfRun(at);
          if (kinds.length < 3) name += chunk.slice(at, end);
          at = end;
          if (escaped) escaped = false;
          else if (chunk.charCodeAt(at) === BACKSLASH) escaped = true;
          else if (chunk.charCodeAt(at) === QUOTE) {
            inString = false;
            if (kinds.length < 3) names[kinds.length] = name;
          }
          continue;
        }
        const character = chunk.charCodeAt(at);
        if (character === QUOTE) {
          inString = true;
          name = '';
        } else if (character === OBJECT || character === LIST) {
          if (inList(kinds.length)) take(at);
          kinds.push(character);
        } else if (character === OBJECT_END || character === LIST_END) {
          if (kinds.length === 4 && inRow()) {
            take(at + 1);
            onRow(names[2] ?? '', row);
            row = '';
          }
          kinds.pop();
        } else if ((character === COMMA || character <= SPACE) && inList(kinds.length)) {
          take(at);
          from = at + 1;
        }
      }
      take(chunk.length);
    },
  };
}

/**
 * Where a text or its unescaped part ends: at a quotation mark, a backslash, or the end of the chunk. Places are asked
 * for in order, and most of a page is text, so each mark is looked for once.
 */
function runsIn(chunk: string): (from: number) => number {
  const placeOf = (mark: string, from: number) => {
    const at = chunk.indexOf(mark, from);
    return at === -1 ? chunk.length : at;
  };
  let quote = -1;
  let backslash = -1;
  return (from) => {
    if (quote < from) quote = placeOf('"', from);
    if (backslash < from) backslash = placeOf('\\', from);
    return Math.min(quote, backslash);
  };
}
