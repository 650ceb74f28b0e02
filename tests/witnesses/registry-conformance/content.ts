import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** Bytes with what they are, as a descriptor names them. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly [more: string]: unknown;
}

export interface Manifest {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
  readonly tag?: string | undefined;
  /** What the manifest refers to. */
  readonly subject?: string | undefined;
}

type Algorithm = 'sha256' | 'sha512';

const OCI = 'application/vnd.oci';
const IMAGE = `${OCI}.image.manifest.v1+json`;
const INDEX = `${OCI}.image.index.v1+json`;
const EXAMPLE = 'application/vnd.example.conformance+json';
export const EMPTY_JSON = `${OCI}.empty.v1+json`;

export function digestOf(bytes: Buffer, algorithm: Algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

/** Blobs and manifests that are pushed together, in the order in which a registry takes them. */
export class Content {
  readonly blobs = new Map<string, Buffer>();
  readonly manifests: Manifest[] = [];
  readonly #algorithm: Algorithm;

  constructor(algorithm: Algorithm = 'sha256') {
    this.#algorithm = algorithm;
  }

  blob(bytes: Buffer, mediaType: string): Descriptor {
    const digest = digestOf(bytes, this.#algorithm);
    this.blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  }

  /** A layer of random bytes. */
  layer(kind: 'gzip' | 'plain' = 'gzip'): Descriptor {
    const content = randomBytes(2048);
    return kind === 'gzip'
      ? this.blob(gzipSync(content), `${OCI}.image.layer.v1.tar+gzip`)
      : this.blob(content, `${OCI}.image.layer.v1.tar`);
  }

  image({
    layers = [this.layer(), this.layer()],
    architecture = 'amd64',
    config = this.blob(
      Buffer.from(JSON.stringify({ architecture, os: 'linux', rootfs: { type: 'layers', diff_ids: [] } })),
      `${OCI}.image.config.v1+json`,
    ),
    ...more
  }: More & {
    readonly layers?: readonly Descriptor[];
    readonly architecture?: string;
    readonly config?: Descriptor;
  } = {}): Descriptor {
    return this.manifest(IMAGE, { config, layers }, more);
  }

  /** What is no image: an empty configuration and one blob of a type of its own. */
  artifact(more: More = {}): Descriptor {
    return this.image({
      config: this.blob(Buffer.from('{}'), EMPTY_JSON),
      layers: [this.blob(randomBytes(512), EXAMPLE)],
      artifactType: EXAMPLE,
      ...more,
    });
  }

  index(manifests: readonly Descriptor[], more: More = {}): Descriptor {
    return this.manifest(INDEX, { manifests }, more);
  }

  /** An index of an image for each of two platforms. */
  platforms(more: More = {}): Descriptor {
    const images = ['amd64', 'arm64'].map((architecture) => ({
      ...this.image({ architecture }),
      platform: { os: 'linux', architecture },
    }));
    return this.index(images, more);
  }

  private manifest(mediaType: string, members: object, { tag, subject, ...more }: More): Descriptor {
    const document = { schemaVersion: 2, mediaType, ...members, ...(subject && { subject }), ...more };
    const bytes = Buffer.from(JSON.stringify(document));
    const descriptor = { mediaType, digest: digestOf(bytes, this.#algorithm), size: bytes.length };
    this.manifests.push({ descriptor, bytes, tag, subject: subject?.digest });
    return descriptor;
  }
}

interface More {
  readonly tag?: string;
  readonly subject?: Descriptor;
  readonly [member: string]: unknown;
}

/** What the published suite pushes, under the suite's names for it. */
export const CONTENTS: Readonly<Record<string, () => Content>> = {
  image: of((content) => content.image({ tag: 'image' })),
  'image-uncompressed': of((content) =>
    content.image({ layers: [content.layer('plain'), content.layer('plain')], tag: 'image-uncompressed' }),
  ),
  'large-manifest': of((content) => {
    const annotations = Object.fromEntries(
      Array.from({ length: 390 }, (_, at) => [`large-annotation-${at}`, 'A'.repeat(10_000)]),
    );
    content.image({ annotations, tag: 'large-manifest' });
  }),
  index: of((content) => content.platforms({ tag: 'index' })),
  'nested-index': of((content) =>
    content.index([content.platforms(), content.platforms()], { tag: 'index-of-index' }),
  ),
  'empty-index': of((content) => content.index([], { tag: 'index' })),
  artifact: of((content) => content.artifact({ tag: 'artifact' })),
  'artifact-index': of((content) =>
    content.index([content.artifact(), content.artifact()], { artifactType: EXAMPLE, tag: 'artifact-index' }),
  ),
  'artifact-without-layers': of((content) => {
    const empty = content.blob(Buffer.from('{}'), EMPTY_JSON);
    content.image({
      ...{ config: empty, layers: [empty], artifactType: EXAMPLE, tag: 'artifact-without-layers' },
    });
  }),
  'artifacts-with-subject': of((content) => {
    const subject = content.image({ tag: 'image' });
    content.artifact({ subject });
    content.artifact({ subject, annotations: { 'org.example.kind': 'one' }, tag: 'tagged-artifact1' });
    content.artifact({ subject, annotations: { 'org.example.kind': 'two' }, tag: 'tagged-artifact2' });
  }),
  'index-with-subject': of((content) => {
    const subject = content.platforms({ tag: 'index' });
    content.artifact({ subject });
    content.artifact({ subject, tag: 'tagged-artifact' });
  }),
  'missing-subject': of((content) => {
    const absent = digestOf(randomBytes(64));
    content.artifact({ subject: { mediaType: IMAGE, digest: absent, size: 512 }, tag: 'tagged-artifact' });
  }),
  'data-field': of((content) => {
    const layers = [content.layer(), content.layer()].map((layer) => ({
      ...layer,
      data: content.blobs.get(layer.digest)?.toString('base64'),
    }));
    content.image({ layers, tag: 'data-field' });
  }),
  'non-distributable-layers': of((content) => {
    const elsewhere = (mediaType: string): Descriptor => {
      const digest = digestOf(randomBytes(256));
      return { mediaType, digest, size: 12_345, urls: [`https://store.example.com/blobs/${digest}`] };
    };
    const type = `${OCI}.image.layer.nondistributable.v1.tar`;
    const layers = [elsewhere(`${type}+gzip`), elsewhere(type), content.layer()];
    content.image({ layers, tag: 'non-distributable-image' });
  }),
  'custom-fields': of((content) =>
    content.platforms({ 'org.example.custom': 'value', tag: 'custom-fields' }),
  ),
  'no-layers': of((content) => content.image({ layers: [], tag: 'no-layers' })),
  sparse: of((content) => {
    const absent = digestOf(randomBytes(256));
    const layer = { mediaType: `${OCI}.image.layer.v1.tar+gzip`, digest: absent, size: 256 };
    content.image({ layers: [layer], tag: 'sparse-image' });
    content.index([content.image(), { mediaType: IMAGE, digest: absent, size: 1024 }], {
      tag: 'sparse-index',
    });
  }),
  sha512: () => {
    const content = new Content('sha512');
    content.platforms();
    return content;
  },
};

function of(make: (content: Content) => unknown): () => Content {
  return () => {
    const content = new Content();
    make(content);
    return content;
  };
}
