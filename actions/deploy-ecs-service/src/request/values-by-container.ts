import { readJsonText } from '@tenant-delivery/action-kit/json-text';
import { alterationsIn } from '@tenant-delivery/action-kit/yaml-alterations';
import { readYamlText } from '@tenant-delivery/action-kit/yaml-text';
import { hasVariableLines, readVariableLines } from './variable-lines.ts';

/** What an input holds, or everything that is wrong with it. */
export type Read = { readonly value: unknown } | { readonly mistakes: readonly string[] };

/**
 * Variables by container as a `DeployRequest` has them, of lines `container.NAME=value`, JSON or YAML. Every value arrives
 * as it is written, or is refused by its name.
 */
export function variablesIn(text: string): Read {
  if (hasVariableLines(text)) return changesOf(readVariableLines(text));
  const json = text.trim().startsWith('{') ? readJsonText(text) : undefined;
  if (json && 'value' in json) {
    const nothing = nullsIn(json.value).map(
      (name) =>
        `${name} is null, as toJSON writes what is not set; write "" for an empty text, or remove the variable with \`mode: remove\``,
    );
    return nothing.length > 0 ? { mistakes: nothing } : changesOf(json);
  }
  const read = yamlIn(text);
  if ('mistakes' in read) return read;
  const altered = alterationsIn(text).map(
    ({ keys, line, why }) => `${keys.join('.') || 'the text'} ${why} (line ${line})`,
  );
  return altered.length > 0 ? { mistakes: altered } : changesOf(read);
}

/** References to secrets by container, in the same forms. */
export function referencesIn(text: string): Read {
  return changesOf(hasVariableLines(text) ? readVariableLines(text) : yamlIn(text));
}

/** YAML, which JSON is too; an input that is not given asks for nothing. */
export function yamlIn(text: string): Read {
  if (text.trim() === '') return { value: {} };
  const read = readYamlText(text);
  return 'mistakes' in read ? read : { value: read.value };
}

/** Where a value is null, by the names around it. */
function nullsIn(value: unknown, path: readonly string[] = []): readonly string[] {
  if (value === null) return [path.join('.')];
  return isPlain(value)
    ? Object.entries(value).flatMap(([name, member]) => nullsIn(member, [...path, name]))
    : [];
}

/** By container: `NAME: value` merges; `mode` with `values` or `names` says otherwise. */
function changesOf(read: Read): Read {
  if ('mistakes' in read || !isPlain(read.value)) return read;
  const bare = Object.entries(read.value).flatMap(([name, given]) =>
    typeof given === 'string' ? [name] : [],
  );
  if (bare.length > 0) {
    const belongs = (name: string) =>
      `${name} has no container; write the container that takes it in front, as in \`orders: { ${name}: … }\``;
    return { mistakes: bare.map(belongs) };
  }
  return {
    value: Object.fromEntries(
      Object.entries(read.value).map(([name, given]) => {
        const whole = isPlain(given) && ('values' in given || 'names' in given) && 'mode' in given;
        return [name, whole ? given : { mode: 'merge', values: given }];
      }),
    ),
  };
}

export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
