import type { Vault } from '@tenant-delivery/vault/ports';

const PAGE = 1_000; // entries that S3 lists with one request

/** A vault in memory that lists without looking at other keys, and counts requests as S3 would. */
export function countedVault(): Vault & { requests(): number } {
  const objects = new Map<string, { readonly bytes: Uint8Array; readonly version: string }>();
  let keys: string[] = [];
  let sorted = true;
  let requests = 0;
  const put = (key: string, bytes: Uint8Array) => {
    const version = String(objects.size + requests);
    if (!objects.has(key)) {
      sorted = false;
      keys.push(key);
    }
    objects.set(key, { bytes, version });
    return { version };
  };
  return {
    requests: () => requests,
    read: async (key) => {
      requests += 1;
      return objects.get(key);
    },
    create: async (key, bytes) => {
      requests += 1;
      return objects.has(key) ? 'exists' : put(key, bytes);
    },
    replace: async (key, bytes, ifVersion) => {
      requests += 1;
      return objects.get(key)?.version === ifVersion ? put(key, bytes) : 'changed';
    },
    list: async (prefix, after = '', { folders = false, first = Number.POSITIVE_INFINITY } = {}) => {
      if (!sorted) keys = keys.sort();
      sorted = true;
      const found: string[] = [];
      for (let at = firstAfter(keys, prefix, after); found.length < first; at += 1) {
        const key = keys[at];
        if (!key?.startsWith(prefix)) break;
        const end = folders ? key.indexOf('/', prefix.length) + 1 : 0;
        const entry = end > 0 ? key.slice(0, end) : key;
        if (entry > after && entry !== found.at(-1)) found.push(entry);
      }
      requests += Math.max(1, Math.ceil(found.length / PAGE));
      return found;
    },
  };
}

/** The place of the first key that is not before the prefix, and comes after `after`. */
function firstAfter(keys: readonly string[], prefix: string, after: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const key = keys[middle] ?? '';
    if (key < prefix || key <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}
