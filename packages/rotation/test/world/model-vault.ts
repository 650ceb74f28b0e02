import type { Vault } from '@tenant-delivery/vault/ports';
import type { modelCalls } from './model-call.ts';

export function modelVault(
  stored: Map<string, Uint8Array>,
  { read, call }: Pick<ReturnType<typeof modelCalls>, 'read' | 'call'>,
): Vault {
  return {
    read: (key) =>
      read('GetObject', () => {
        const bytes = stored.get(key);
        return bytes && { bytes, version: '1' };
      }),
    list: (prefix) =>
      read('ListObjects', () => [...stored.keys()].filter((key) => key.startsWith(prefix)).sort()),
    create: (key, bytes) =>
      call('PutObject', true, () => {
        if (stored.has(key)) return 'exists';
        stored.set(key, bytes);
        return { version: '1' };
      }),
    replace: () => Promise.reject(new TypeError('a journal is never replaced')),
  };
}
