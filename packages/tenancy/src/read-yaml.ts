import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import { readYamlText } from '@tenant-delivery/action-kit/yaml-text';
import type * as v from 'valibot';

type ReadYaml<Document> =
  | { readonly document: Document }
  | {
      readonly mistakes: readonly string[];
      /** The parts that can be judged despite the mistakes, unless it is no document at all. */
      readonly readable?: () => Document;
    };

/** A YAML text read against a schema: the document, or every mistake, syntax with its line and column. */
export function readYaml<Schema extends v.GenericSchema>(
  text: string,
  schema: Schema,
): ReadYaml<v.InferOutput<Schema>> {
  const yaml = readYamlText(text);
  if ('mistakes' in yaml) return yaml;
  const { value } = yaml;
  if (value === null) return { mistakes: ['the file is empty'] };
  if (typeof value !== 'object' || Array.isArray(value))
    return { mistakes: ['the file is no mapping; begin it with `schemaVersion: 1`'] };
  const parsed = parseDocument(schema, value);
  return 'document' in parsed
    ? parsed
    : { mistakes: parsed.mistakes.map(describeMistake), readable: parsed.readable };
}
