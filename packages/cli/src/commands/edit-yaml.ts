import {
  isMap,
  isNode,
  isPair,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  stringify,
  type YAMLMap,
} from 'yaml';

type Path = readonly (string | number)[];

/**
 * Gives one member of a YAML text a value, and leaves every other byte as it is. The library's own printer would write the
 * whole file again, and a review could not see what changed.
 */
export function setMember(text: string, path: Path, value: unknown): string {
  const key = path.at(-1);
  const parent = nodeAt(text, path.slice(0, -1));
  if (key === undefined || !isMap(parent)) throw new TypeError(`${path.join('.')} has no place in the file`);
  const pair = parent.items.find((item) => String(item.key) === String(key));
  if (isNode(pair?.value) && pair.value.range) {
    const [start, end] = pair.value.range;
    return splice(text, start, end, inline(value));
  }
  return insert(text, parent, `${key}: ${inline(value)}`);
}

/** Adds an item to a list, which is made at the end of what holds it where there is none. */
export function appendItem(text: string, path: Path, value: unknown): string {
  const list = nodeAt(text, path);
  if (isSeq(list) && list.items.length > 0) {
    const [first] = list.items;
    if (list.flow || !isNode(first)) throw new TypeError(`${path.join('.')} is not written one item a line`);
    const indent = ' '.repeat(columnOf(text, startOf(first)) - 2);
    return insertLines(text, endOf(text, list), itemOf(value, indent));
  }
  const parent = nodeAt(text, path.slice(0, -1));
  const [first] = isMap(parent) ? parent.items : [];
  if (!isMap(parent) || parent.flow || !isNode(first?.key) || list !== undefined)
    throw new TypeError(`${path.join('.')} has no place in the file`);
  const indent = ' '.repeat(columnOf(text, startOf(first.key)));
  return insertLines(text, endOf(text, parent), `${indent}${path.at(-1)}:\n${itemOf(value, `${indent}  `)}`);
}

function nodeAt(text: string, path: Path): Node | undefined {
  const found = parseDocument(text).getIn([...path], true);
  return isNode(found) ? found : undefined;
}

/** A value on one line; a text of one word without quotes, unless it would be read as something else. */
function inline(value: unknown): string {
  const printed = stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false });
  return printed.trimEnd();
}

function itemOf(value: unknown, indent: string): string {
  const lines = stringify([value], { lineWidth: 0 }).trimEnd().split('\n');
  return `${lines.map((line) => `${indent}${line}`).join('\n')}\n`;
}

function insert(text: string, parent: YAMLMap, member: string): string {
  const [first] = parent.items;
  if (parent.flow) {
    const start = startOf(parent) + 1;
    return first === undefined
      ? splice(text, start, (parent.range?.[1] ?? start + 1) - 1, ` ${member} `)
      : splice(text, start, start, ` ${member},`);
  }
  if (!isNode(first?.key)) throw new TypeError('a mapping without a member has no lines');
  const indent = ' '.repeat(columnOf(text, startOf(first.key)));
  return insertLines(text, endOf(text, parent), `${indent}${member}\n`);
}

function insertLines(text: string, at: number, lines: string): string {
  const before = text.slice(0, at);
  return `${before}${before.endsWith('\n') ? '' : '\n'}${lines}${text.slice(at)}`;
}

/** The offset after the line on which the last value of a node ends: comments below it belong to what follows. */
function endOf(text: string, node: Node): number {
  const end = lastOf(node).range?.[1] ?? 0;
  if (text[end - 1] === '\n') return end; // of a text of several lines
  const newline = text.indexOf('\n', end);
  return newline < 0 ? text.length : newline + 1;
}

function lastOf(node: Node): Node {
  if ((isMap(node) || isSeq(node)) && !node.flow) {
    const item: unknown = node.items.at(-1);
    const value = isPair(item) ? ((item as Pair).value ?? (item as Pair).key) : item;
    if (isNode(value)) return lastOf(value);
  }
  return node;
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function splice(text: string, start: number, end: number, by: string): string {
  return `${text.slice(0, start)}${by}${text.slice(end)}`;
}
