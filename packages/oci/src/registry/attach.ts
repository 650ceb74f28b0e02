import type { Digest } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import { bytesInMemory } from '../byte-source.ts';
import type { Descriptor } from '../descriptor.ts';
import { failures } from '../failures.ts';
import { OCI_EMPTY, OCI_MANIFEST } from '../media-types.ts';
import type { RegistryWriter } from './port.ts';

/** A document about an image. */
export interface Attachment {
  /** The image's own manifest or index, as the registry holds it. */
  readonly subject: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;
  /** The kind of document, by which referrers are found. */
  readonly artifactType: string;
  readonly bytes: Buffer;
  readonly annotations?: Readonly<Record<string, string>>;
}

const EMPTY = Buffer.from('{}');

/** Keeps one document, and answers its manifest's digest. */
export type Attaching = (attachment: Attachment) => Promise<Digest>;

/**
 * Keeps documents beside images as referrers (OCI 1.1: `subject`, `artifactType`). No tag is written, so that repositories
 * with immutable tags take any number. The registry must list each for its image, by the digest that was computed here.
 */
export function attaching(registry: RegistryWriter, repository: string): Attaching {
  const config = { mediaType: OCI_EMPTY, digest: digestOf(EMPTY), size: EMPTY.length };
  const withEmpty = async () => {
    if (!(await registry.hasBlob(repository, config.digest)))
      await registry.writeBlob(repository, config.digest, bytesInMemory(EMPTY));
  };
  let empty: Promise<void> | undefined;
  return async ({ subject, artifactType, bytes, annotations }) => {
    empty ??= withEmpty();
    const { mediaType, digest, size } = subject;
    const content = { mediaType: artifactType, digest: digestOf(bytes), size: bytes.length };
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        artifactType,
        config,
        layers: [content],
        subject: { mediaType, digest, size },
        ...(annotations === undefined ? {} : { annotations }),
      }),
    );
    const own = digestOf(manifest);
    await Promise.all([empty, registry.writeBlob(repository, content.digest, bytesInMemory(bytes))]);
    await registry.writeManifest(repository, own, OCI_MANIFEST, manifest);
    const listed = await registry.referrers(repository, digest);
    if (!listed.some((one) => one.digest === own && one.artifactType === artifactType))
      throw failures.pushNotConfirmed(`${own} about ${digest}`, 'no such referrer of it');
    return own;
  };
}
