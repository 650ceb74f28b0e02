import type { Digest } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import { bytesInMemory } from '../byte-source.ts';
import type { Descriptor } from '../descriptor.ts';
import { failures } from '../failures.ts';
import { OCI_EMPTY, OCI_MANIFEST } from '../media-types.ts';
import type { RegistryWriter } from './port.ts';
import { confirm } from './push.ts';

/** A document about an image. */
export interface Attachment {
  /** The image's own manifest or index, as the registry holds it. */
  readonly subject: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;
  /** What kind of document it is; what referrers are found by. */
  readonly artifactType: string;
  readonly bytes: Buffer;
  readonly annotations?: Readonly<Record<string, string>>;
}

const EMPTY = Buffer.from('{}');

/**
 * Keeps a document beside an image as a referrer (OCI 1.1: `subject`, `artifactType`) and answers its manifest's digest.
 * No tag is written, so that repositories with immutable tags take any number. It is read back: the registry must list
 * it for the image, and serve the very bytes.
 */
export async function attach(
  registry: RegistryWriter,
  repository: string,
  { subject, artifactType, bytes, annotations }: Attachment,
): Promise<Digest> {
  const { mediaType, digest, size } = subject;
  const content = { mediaType: artifactType, digest: digestOf(bytes), size: bytes.length };
  const config = { mediaType: OCI_EMPTY, digest: digestOf(EMPTY), size: EMPTY.length };
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
  const own = { mediaType: OCI_MANIFEST, digest: digestOf(manifest) };
  for (const [blob, of] of [
    [EMPTY, config],
    [bytes, content],
  ] as const) {
    if (!(await registry.hasBlob(repository, of.digest)))
      await registry.writeBlob(repository, of.digest, bytesInMemory(blob));
  }
  await registry.writeManifest(repository, own.digest, OCI_MANIFEST, manifest);
  await confirm(registry, repository, own.digest, own);
  const listed = await registry.referrers(repository, digest);
  if (!listed.some((one) => one.digest === own.digest && one.artifactType === artifactType)) {
    throw failures.pushNotConfirmed(`${own.digest} about ${digest}`, 'no such referrer of it');
  }
  return own.digest;
}
