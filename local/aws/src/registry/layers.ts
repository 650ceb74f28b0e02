import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { extract, type Header } from 'tar-stream';

/** One entry of a layer's archive; the path is relative and has no `./` before it. */
export interface LayerEntry {
  readonly path: string;
  readonly header: Header;
  readonly content: Buffer;
}

/** The entries of a layer in the archive's order, whatever its compression. */
export async function layerEntries(blob: Buffer): Promise<readonly LayerEntry[]> {
  const entries: LayerEntry[] = [];
  const archive = extract();
  archive.end(decompress(blob));
  for await (const entry of archive) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer); // tar-stream only yields bytes
    entries.push({
      path: cleanPath(entry.header.name),
      header: entry.header,
      content: Buffer.concat(chunks),
    });
  }
  return entries;
}

function decompress(blob: Buffer): Buffer {
  if (blob[0] === 0x1f && blob[1] === 0x8b) return gunzipSync(blob);
  if (blob.readUInt32LE(0) === 0xfd2fb528) return zstdDecompressSync(blob);
  return blob;
}

function cleanPath(name: string): string {
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
