import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import type * as v from 'valibot';
import { LineCounter, parseDocument as parseYaml } from 'yaml';

/** A YAML text read against a schema: the document, or every mistake, syntax with its line and column. */
export function readYaml<Schema extends v.GenericSchema>(
  text: string,
  schema: Schema,
): { readonly document: v.InferOutput<Schema> } | { readonly mistakes: readonly string[] } {
  const lines = new LineCounter();
  // YAML 1.2 core, aliases refused: a manifest is hostile text, and a few aliases can expand to gigabytes
  const yaml = parseYaml(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, merge: false });
  if (yaml.errors.length > 0) {
    return {
      mistakes: yaml.errors.map(({ message, pos }) => {
        const { line, col } = lines.linePos(pos[0]);
        return `line ${line}, column ${col}: ${message}`;
      }),
    };
  }
  const parsed = parseDocument(
    schema,
    toPlain(() => yaml.toJS({ maxAliasCount: 0 })),
  );
  return 'document' in parsed ? parsed : { mistakes: parsed.mistakes.map(describeMistake) };
}

/** `undefined`, which no schema accepts, for a text that uses aliases. */
function toPlain(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined; // yaml throws ReferenceError for an alias; the schema then says that the document is missing
  }
}
