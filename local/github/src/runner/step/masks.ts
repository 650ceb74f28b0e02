/** What a job's log hides. */
export interface Masks {
  /** The whole value, each of its lines, and both in the encodings that the runner knows. */
  add(secret: string): void;
  apply(text: string): string;
  hides(text: string): boolean;
}

export function createMasks(): Masks {
  const hidden = new Set<string>();
  let pattern: RegExp | undefined;
  const apply = (text: string) => {
    if (![...hidden].some((form) => text.includes(form))) return text;
    // Longest first, so that a secret inside another one does not leave the rest of it readable.
    pattern ??= new RegExp(
      [...hidden]
        .sort((a, b) => b.length - a.length)
        .map(literal)
        .join('|'),
      'g',
    );
    return text.replaceAll(pattern, '***');
  };
  return {
    add: (secret) => {
      const lines = secret.split(/\r?\n/).map((line) => line.trim());
      for (const value of [secret, ...lines]) {
        if (value.trim() === '') continue;
        for (const form of formsOf(value)) hidden.add(form);
      }
      pattern = undefined;
    },
    apply,
    hides: (text) => apply(text) !== text,
  };
}

/** As the runner's HostContext: base64 at three offsets (`user:password` shifts it), URI, JSON and XML. */
function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  return [
    value,
    ...[0, 1, 2].map((shift) => bytes.subarray(bytes.length > shift ? shift : 0).toString('base64')),
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  ].filter((form) => form !== '');
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
