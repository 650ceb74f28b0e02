import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import type * as v from 'valibot';
import { type Document, isMap, LineCounter, parseDocument as parseYaml, visit } from 'yaml';

/**
 * A YAML text read against a schema: the document, or every mistake, syntax with its line and column.
 * Aliases are refused: the text is hostile, and a few of them can expand to gigabytes.
 */
export function readYaml<Schema extends v.GenericSchema>(
  text: string,
  schema: Schema,
): { readonly document: v.InferOutput<Schema> } | { readonly mistakes: readonly string[] } {
  const lines = new LineCounter();
  const yaml = parseYaml(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, merge: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `line ${line}, column ${col}`;
  };
  if (yaml.errors.length > 0) {
    return { mistakes: yaml.errors.map(({ message, pos }) => `${at(pos[0])}: ${message}`) };
  }
  const aliases = aliasesOf(yaml);
  if (aliases.length > 0) {
    return { mistakes: aliases.map((offset) => `${at(offset)}: is an alias; write the value out`) };
  }
  if (yaml.contents === null) return { mistakes: ['the file is empty'] };
  if (!isMap(yaml.contents))
    return { mistakes: ['the file is no mapping; begin it with `schemaVersion: 1`'] };
  const parsed = parseDocument(schema, yaml.toJS());
  return 'document' in parsed ? parsed : { mistakes: parsed.mistakes.map(describeMistake) };
}

/** Where the aliases of a document stand, as offsets into its text. */
function aliasesOf(yaml: Document.Parsed): readonly number[] {
  const found: number[] = [];
  visit(yaml, {
    Alias: (_, { range }) => {
      found.push(range?.[0] ?? 0);
    },
  });
  return found;
}
