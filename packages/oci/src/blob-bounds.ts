import type { Failure } from '@tenant-delivery/action-kit/failure';
import { failures } from './failures.ts';

/** What is parsed as a whole, and what is unpacked. */
export type BlobKind = 'document' | 'layer';

/** Bytes of a blob that are taken: a document into memory, a layer onto the disk. */
export const MOST: Readonly<Record<BlobKind, number>> = { document: 64 * 2 ** 20, layer: 2 ** 31 - 1 };

/** How many bytes the layers of one base image may have together. All of them are on the disk during a build on it. */
export const MOST_OF_LAYERS = 8 * 2 ** 30;

/** Throws before anything is read where the size that a manifest states, or a file has, is over what is taken. */
export function boundSize(kind: BlobKind, what: string, size: number): void {
  if (size > MOST[kind]) throw tooLarge(kind, what, `${size} bytes`, MOST[kind]);
}

export function boundLayers(what: string, layers: readonly { readonly size: number }[]): void {
  const sum = layers.reduce((bytes, { size }) => bytes + size, 0);
  if (sum > MOST_OF_LAYERS) throw failures.layersTooLarge(what, sum, MOST_OF_LAYERS);
}

interface Body {
  readonly kind: BlobKind;
  readonly what: string;
  readonly most?: number;
}

/** The body of an answer as it comes, abandoned once it has more than `most` bytes: the stated size may be wrong. */
export async function* partsOf(
  response: Response,
  { kind, what, most = MOST[kind] }: Body,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > most) throw tooLarge(kind, what, 'more', most);
    yield chunk;
  }
}

/** The whole body of an answer. */
export async function bodyOf(
  response: Response,
  body: Body & { readonly kind: 'document' },
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of partsOf(response, body)) parts.push(part);
  return Buffer.concat(parts);
}

function tooLarge(kind: BlobKind, what: string, found: string, most: number): Failure {
  return kind === 'layer'
    ? failures.layerOverSize(what, found, most)
    : failures.manifestTooLarge(what, found, most);
}
