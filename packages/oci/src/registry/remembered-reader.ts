import type { RegistryManifest, RegistryReader } from './port.ts';

/**
 * The same registry, asked once for each document: what a digest names never changes. A tag is asked for each time, and so
 * is what was not there.
 */
export function rememberedReader(registry: RegistryReader): RegistryReader {
  const manifests = new Map<string, Promise<RegistryManifest | 'absent'>>();
  const blobs = new Map<string, Promise<Buffer>>();
  return {
    ...registry,
    async readManifest(repository, reference) {
      const key = `${repository}@${reference}`;
      const asked = manifests.get(key) ?? registry.readManifest(repository, reference);
      manifests.set(key, asked);
      const found = await asked.catch(() => 'absent' as const);
      if (found === 'absent' || found.digest !== reference) manifests.delete(key);
      if (found !== 'absent') manifests.set(`${repository}@${found.digest}`, asked);
      return asked;
    },
    readBlob(repository, blob) {
      const key = `${repository}@${blob.digest}`;
      const asked = blobs.get(key) ?? registry.readBlob(repository, blob);
      blobs.set(key, asked);
      asked.catch(() => blobs.delete(key));
      return asked;
    },
  };
}
