import { assertKey } from './key.ts';
import { listed } from './listed.ts';
import type { Vault } from './ports.ts';

/** A vault that lives as long as the process. */
export function memoryVault(): Vault {
  const objects = new Map<string, { readonly bytes: Uint8Array; readonly version: string }>();
  let written = 0;
  const put = (key: string, bytes: Uint8Array) => {
    written += 1;
    const version = String(written);
    objects.set(key, { bytes: Uint8Array.from(bytes), version });
    return { version };
  };
  return {
    read: async (key) => {
      assertKey(key);
      const stored = objects.get(key);
      return stored && { bytes: Uint8Array.from(stored.bytes), version: stored.version };
    },
    create: async (key, bytes) => {
      assertKey(key);
      return objects.has(key) ? 'exists' : put(key, bytes);
    },
    replace: async (key, bytes, ifVersion) => {
      assertKey(key);
      return objects.get(key)?.version === ifVersion ? put(key, bytes) : 'changed';
    },
    list: async (prefix, after = '', shape) => listed(objects.keys(), prefix, after, shape),
  };
}
