import * as v from 'valibot';
import { descriptorSchema } from './descriptor.ts';
import { DOCKER_LIST, DOCKER_MANIFEST, IN_TOTO, OCI_INDEX, OCI_MANIFEST } from './media-types.ts';
import { readRegistryJson } from './registry-json.ts';

const manifestSchema = v.looseObject({
  schemaVersion: v.literal(2),
  config: descriptorSchema,
  layers: v.array(descriptorSchema),
});

const indexSchema = v.looseObject({
  schemaVersion: v.literal(2),
  manifests: v.array(descriptorSchema),
});

export type ImageManifest = v.InferOutput<typeof manifestSchema>;

export type ImageIndex = v.InferOutput<typeof indexSchema>;

export type Manifest =
  | { readonly kind: 'image'; readonly manifest: ImageManifest }
  | { readonly kind: 'index'; readonly index: ImageIndex };

/**
 * Whether a manifest holds in-toto statements and nothing else. Nothing can run them, and no scanner needs to look at them.
 * False for a manifest that holds nothing.
 */
export function holdsStatements({ layers }: Pick<ImageManifest, 'layers'>): boolean {
  return layers.length > 0 && layers.every(({ mediaType }) => mediaType === IN_TOTO);
}

/** Reads a manifest or an index by its media type. Throws if it is neither, or not valid. */
export function parseManifest(mediaType: string, bytes: Uint8Array): Manifest {
  const document = readRegistryJson(`A document of the type ${mediaType}`, bytes);
  switch (mediaType) {
    case OCI_MANIFEST:
    case DOCKER_MANIFEST:
      return { kind: 'image', manifest: v.parse(manifestSchema, document) };
    case OCI_INDEX:
    case DOCKER_LIST:
      return { kind: 'index', index: v.parse(indexSchema, document) };
    default:
      throw new TypeError(`${mediaType} is neither a manifest nor an index`);
  }
}
