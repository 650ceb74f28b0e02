import type { Failure } from '@tenant-delivery/action-kit/failure';
import { failures } from './failures.ts';

/** What is parsed as a whole, and what is unpacked. */
export type BlobKind = 'document' | 'layer';

/** Bytes of a blob that are taken into memory. Of one file Node.js reads no more than a layer may have. */
export const MOST: Readonly<Record<BlobKind, number>> = { document: 64 * 2 ** 20, layer: 2 ** 31 - 1 };

/** How many bytes the layers of one base image may have together. All of them are in memory during a build on it. */
export const MOST_OF_LAYERS = 8 * 2 ** 30;

/** Throws before anything is read where the size that a manifest states, or a file has, is over what is taken. */
export function boundSize(kind: BlobKind, what: string, size: number): void {
  if (size > MOST[kind]) throw tooLarge(kind, what, `${size} bytes`, MOST[kind]);
}

export function boundLayers(what: string, layers: readonly { readonly size: number }[]): void {
  const sum = layers.reduce((bytes, { size }) => bytes + size, 0);
  if (sum > MOST_OF_LAYERS) throw failures.layersTooLarge(what, sum, MOST_OF_LAYERS);
}

/** The body of an answer, abandoned once it has more than `most` bytes: the stated size may be wrong. */
export async function bodyOf(
  response: Response,
  {
    kind,
    what,
    most = MOST[kind],
  }: { readonly kind: BlobKind; readonly what: string; readonly most?: number },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > most) throw tooLarge(kind, what, 'more', most);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function tooLarge(kind: BlobKind, what: string, found: string, most: number): Failure {
  return kind === 'layer'
    ? failures.layerOverSize(what, found, most)
    : failures.manifestTooLarge(what, found, most);
}
