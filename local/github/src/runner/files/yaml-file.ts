import { isNode, LineCounter, parseDocument, visit } from 'yaml';
import type { Problem } from '../run-refused.ts';
import { type Mapping, mapping, toValue } from '../value.ts';
import { readOnce } from './read-once.ts';

/** A YAML file with the places of its parts, for messages. */
export interface YamlFile {
  readonly name: string;
  readonly root: Mapping;
  /** Tags that YAML does not know, as `if: !cancelled()` with nothing behind it, and aliases without an anchor before them. */
  readonly unknown: readonly Problem[];
  /** A problem at the node that the path leads to, or at the nearest one around it. */
  problem(path: readonly (string | number)[], message: string): Problem;
}

/** YAML 1.2, so that `on` stays text. */
export const readYaml = readOnce((name, content): YamlFile => {
  const lines = new LineCounter();
  const document = parseDocument(content, { version: '1.2', lineCounter: lines, prettyErrors: false });
  const at = (start: number, message: string): Problem => {
    const { line, col } = lines.linePos(start);
    return { file: name, line, column: col, message };
  };
  const aliases: Problem[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined)
        aliases.push(at(alias.range?.[0] ?? 0, `Unresolved alias '${alias.source}'`));
    },
  });
  const parsed: unknown = document.errors.length > 0 || aliases.length > 0 ? {} : document.toJS();
  return {
    name,
    root: mapping(toValue(parsed)),
    unknown: [
      ...document.warnings
        .filter(({ code }) => code === 'TAG_RESOLVE_FAILED')
        .map(({ pos: [start] }) => at(start, `Unexpected tag '${/^\S*/.exec(content.slice(start))?.[0]}'`)),
      ...aliases,
    ],
    problem: (path, message) => {
      for (let length = path.length; length > 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true);
        if (!isNode(node) || !node.range) continue;
        const { line, col } = lines.linePos(node.range[0]);
        return { file: name, line, column: col, message };
      }
      return { file: name, message };
    },
  };
});
