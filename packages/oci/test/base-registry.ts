import { Readable } from 'node:stream';
import { type LayerEntry, writeLayer } from '../src/layer.ts';
import { createLayout, type Layout } from '../src/layout.ts';
import { OCI_CONFIG, OCI_LAYER_GZIP, OCI_MANIFEST } from '../src/media-types.ts';
import type { RegistryReader } from '../src/registry/port.ts';
import { temporaryFolder } from './layouts.ts';

export const HOST = 'registry.example:5000';

/** A registry that holds one image, `base/node:24` for linux/amd64, of these entries and this configuration. */
export async function baseRegistry(
  entries: readonly LayerEntry[],
  config: Readonly<Record<string, unknown>> = {},
): Promise<RegistryReader> {
  const layout: Layout = createLayout(temporaryFolder('base'));
  const layer = await writeLayer(layout, entries, 1_700_000_000);
  const bytes = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: [layer.diffId] },
      history: [{ created_by: 'base' }],
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: { mediaType: OCI_CONFIG, digest: layout.writeBlob(bytes), size: bytes.length },
      layers: [{ mediaType: OCI_LAYER_GZIP, digest: layer.digest, size: layer.size }],
    }),
  );
  const digest = layout.writeBlob(manifest);
  return {
    host: HOST,
    readManifest: async (repository, reference) =>
      repository === 'base/node' && ['24', digest].includes(reference)
        ? { digest, mediaType: OCI_MANIFEST, bytes: manifest }
        : 'absent',
    hasBlob: async (_, blob) => layout.hasBlob(blob),
    readBlob: async (_, blob) => layout.readBlob(blob.digest),
    streamBlob: async (_, blob, take) => take(Readable.from(layout.openBlob(blob.digest).read())),
  };
}
