import type { ListShape } from './ports.ts';

/** What a listing answers of these keys, in whatever order they come: for vaults whose store lists nothing itself. */
export function listed(
  keys: Iterable<string>,
  prefix: string,
  after: string,
  { folders = false, first }: ListShape = {},
): readonly string[] {
  const entries = new Set<string>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const end = folders ? key.indexOf('/', prefix.length) + 1 : 0;
    const entry = end > 0 ? key.slice(0, end) : key;
    if (entry > after) entries.add(entry);
  }
  return [...entries].sort().slice(0, first);
}
