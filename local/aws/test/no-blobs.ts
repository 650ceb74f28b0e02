import type { ImageBlobs } from '../src/runtimes/image-source.ts';

const nothing = Buffer.alloc(0);

/** What an image of a test's own has for an engine, which no such test has. */
export const noBlobs: ImageBlobs = { mediaType: '', manifest: nothing, config: nothing, layers: [] };
