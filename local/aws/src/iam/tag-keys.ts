/** What is wrong with the tag keys of one request to IAM or STS. */
export function* tagKeyMistakes(keys: readonly string[]): Iterable<string> {
  const folded = keys.map((key) => key.toLowerCase());
  if (new Set(folded).size < folded.length)
    yield 'Duplicate tag keys found. Please note that Tag keys are case insensitive.';
  for (const key of keys)
    if (/^aws:/i.test(key))
      yield `Tag key ${key} begins with aws:, and this prefix is reserved for AWS internal use.`;
}
