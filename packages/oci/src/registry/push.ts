import type { Digest } from '@tenant-delivery/domain';
import type { Descriptor } from '../descriptor.ts';
import { failures } from '../failures.ts';
import { type Layout, rootOf } from '../layout.ts';
import { parseManifest } from '../manifest.ts';
import type { RegistryManifest, RegistryReader, RegistryWriter } from './port.ts';

const SENDERS = 4; // blobs of one image that are on their way at once

export interface Pushed {
  readonly digest: Digest;
  readonly mediaType: string;
  /** Blobs by how they came to be in the repository. */
  readonly blobs: { readonly present: number; readonly mounted: number; readonly uploaded: number };
}

/**
 * Pushes the image of a layout under `tag` and answers the digest that the registry itself confirms, as it
 * confirms every child of an index.
 * A blob that is there is not sent; one of `mountFrom` (another repository of the same registry) is mounted if the
 * registry allows it. A tag that this image has already is left alone; a tag of another image is TAG_TAKEN.
 */
export async function pushLayout(
  registry: RegistryWriter,
  layout: Layout,
  target: { readonly repository: string; readonly tag: string; readonly mountFrom?: readonly string[] },
): Promise<Pushed> {
  const root = rootOf(layout);
  const { repository, tag } = target;
  const blobs = { present: 0, mounted: 0, uploaded: 0 };
  const present = await registry.readManifest(repository, tag);
  if (present === 'absent') {
    const send = async (digest: Digest, mediaType: string, reference: string): Promise<void> => {
      const bytes = layout.readBlob(digest);
      const parsed = parseManifest(mediaType, bytes);
      if (parsed.kind === 'index') {
        for (const child of parsed.index.manifests) await send(child.digest, child.mediaType, child.digest);
      } else {
        const left = new Set([...parsed.manifest.layers, parsed.manifest.config].map((blob) => blob.digest));
        const sender = async () => {
          for (const blob of left) {
            left.delete(blob);
            blobs[await sendBlob(registry, layout, repository, blob, target.mountFrom ?? [])] += 1;
          }
        };
        await Promise.all(Array.from({ length: SENDERS }, sender));
      }
      await registry.writeManifest(repository, reference, mediaType, bytes);
    };
    await send(root.digest, root.mediaType, tag);
  } else if (present.digest !== root.digest) {
    throw failures.tagTaken(tag, present.digest);
  }
  const stored = await confirm(registry, repository, tag, root);
  const parsed = parseManifest(root.mediaType, layout.readBlob(root.digest));
  const children = parsed.kind === 'index' ? parsed.index.manifests : [];
  await Promise.all(children.map((child) => confirm(registry, repository, child.digest, child)));
  return { digest: stored.digest, mediaType: stored.mediaType, blobs };
}

/** The registry must have exactly this document under the name, and serve it with the right type. */
export async function confirm(
  registry: RegistryReader,
  repository: string,
  reference: string,
  { digest, mediaType }: Pick<Descriptor, 'digest' | 'mediaType'>,
): Promise<RegistryManifest> {
  const stored = await registry.readManifest(repository, reference);
  if (stored === 'absent') throw failures.pushNotConfirmed(digest, 'nothing');
  if (stored.digest !== digest) throw failures.pushNotConfirmed(digest, stored.digest);
  if (stored.mediaType !== mediaType) {
    throw failures.pushNotConfirmed(`${digest} as ${mediaType}`, `it as ${stored.mediaType}`);
  }
  return stored;
}

async function sendBlob(
  registry: RegistryWriter,
  layout: Layout,
  repository: string,
  digest: Digest,
  mountFrom: readonly string[],
): Promise<'present' | 'mounted' | 'uploaded'> {
  if (await registry.hasBlob(repository, digest)) return 'present';
  for (const from of mountFrom) if (await registry.mountBlob(repository, digest, from)) return 'mounted';
  await registry.writeBlob(repository, digest, layout.openBlob(digest));
  return 'uploaded';
}
