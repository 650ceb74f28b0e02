import { parseDocument } from 'yaml';

/** A JSON object, or nothing: "Elements must not contain multiple instances of the same key" (grammar of the policy language). */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(parsed) || repeatsKey(text)) return undefined;
  return parsed;
}

/** JSON.parse takes the last of two equal keys in silence. JSON is YAML, whose parser does not. */
function repeatsKey(text: string): boolean {
  return parseDocument(text, { schema: 'json', prettyErrors: false }).errors.some(
    ({ code }) => code === 'DUPLICATE_KEY',
  );
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
