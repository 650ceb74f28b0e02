import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { bytesInMemory } from '../src/byte-source.ts';
import type { Descriptor } from '../src/descriptor.ts';
import { writeLayer } from '../src/layer.ts';
import { createLayout, type Layout, nameRoot } from '../src/layout.ts';
import { OCI_CONFIG, OCI_INDEX, OCI_LAYER_GZIP, OCI_MANIFEST } from '../src/media-types.ts';

const EPOCH = 1_800_000_000;

const made: string[] = [];

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone when the suite has ended. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `td-${name}-`));
  made.push(folder);
  return folder;
}

/** Puts an image of one file into a layout; the file's text decides the digest. */
export async function putImage(layout: Layout, text: string, architecture = 'amd64'): Promise<Descriptor> {
  const file = {
    path: '/file',
    kind: 'file',
    content: bytesInMemory(Buffer.from(text)),
    mode: 0o644,
    uid: 0,
    gid: 0,
  } as const;
  const layer = await writeLayer(layout, [file], EPOCH);
  const config = Buffer.from(
    JSON.stringify({ architecture, os: 'linux', rootfs: { type: 'layers', diff_ids: [layer.diffId] } }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: { mediaType: OCI_CONFIG, digest: layout.writeBlob(config), size: config.length },
      layers: [{ mediaType: OCI_LAYER_GZIP, digest: layer.digest, size: layer.size }],
    }),
  );
  return { mediaType: OCI_MANIFEST, digest: layout.writeBlob(manifest), size: manifest.length };
}

export async function imageLayout(text: string): Promise<Layout> {
  const layout = createLayout(temporaryFolder('layout'));
  nameRoot(layout, await putImage(layout, text));
  return layout;
}

/** Two platforms behind one index, as multi-platform builds make them. */
export async function indexLayout(text: string): Promise<Layout> {
  const layout = createLayout(temporaryFolder('layout'));
  const manifests = [];
  for (const architecture of ['amd64', 'arm64']) {
    const image = await putImage(layout, `${text} ${architecture}`, architecture);
    manifests.push({ ...image, platform: { os: 'linux', architecture } });
  }
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
  nameRoot(layout, { mediaType: OCI_INDEX, digest: layout.writeBlob(index), size: index.length });
  return layout;
}
