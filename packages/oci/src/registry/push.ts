import type { Digest } from '@tenant-delivery/domain';
import { atOnce } from '../at-once.ts';
import type { Descriptor } from '../descriptor.ts';
import { failures } from '../failures.ts';
import { type Layout, rootOf } from '../layout.ts';
import { type Manifest, parseManifest } from '../manifest.ts';
import type { RegistryManifest, RegistryReader, RegistryWriter } from './port.ts';

const SENDERS = 4; // blobs of one image that are on their way at once

export interface Pushed {
  readonly digest: Digest;
  readonly mediaType: string;
  /** Blobs by how they came to be in the repository. */
  readonly blobs: { readonly present: number; readonly mounted: number; readonly uploaded: number };
}

/** A repository of the same registry that may have blobs of an image already. */
export interface MountSource {
  readonly repository: string;
  /** The layers that it has. Left out if that is not known. */
  readonly layers?: readonly Digest[] | undefined;
}

export interface PushTarget {
  readonly repository: string;
  readonly tag: string;
  readonly mountFrom?: readonly MountSource[];
}

interface Document {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
  readonly parsed: Manifest;
}

/**
 * Pushes the image of a layout under `tag` and answers the digest that the registry itself confirms, as it
 * confirms every child of an index.
 * A blob that is there is not sent. One that a repository of `mountFrom` has is mounted if the registry allows it. A tag
 * that already names this image is left alone. If it names another image, that is TAG_TAKEN.
 */
export async function pushLayout(
  registry: RegistryWriter,
  layout: Layout,
  target: PushTarget,
): Promise<Pushed> {
  const { repository, tag } = target;
  const [root, ...children] = documentsOf(layout, rootOf(layout));
  const documents = [root, ...children];
  const blobs = { present: 0, mounted: 0, uploaded: 0 };
  const sending = atOnce(SENDERS, blobsOf(documents), async (digest) => {
    blobs[await sendBlob(registry, layout, digest, target)] += 1;
  });
  sending.catch(() => {}); // awaited below: what is wrong with the tag is said first, and in the registry's own words
  const present = await registry.readManifest(repository, tag);
  await sending;
  if (present !== 'absent' && present.digest !== root.descriptor.digest)
    throw failures.tagTaken(tag, present.digest);
  if (present === 'absent') {
    const write = ({ descriptor: { digest, mediaType }, bytes }: Document, reference: string = digest) =>
      registry.writeManifest(repository, reference, mediaType, bytes);
    await atOnce(SENDERS, children, (child) => write(child));
    await write(root, tag);
  }
  const [stored] = await Promise.all([
    confirm(registry, repository, tag, root.descriptor),
    ...children.map(({ descriptor }) => confirm(registry, repository, descriptor.digest, descriptor)),
  ]);
  return { digest: stored.digest, mediaType: stored.mediaType, blobs };
}

/** The image's own document first, and those of an index's children after it. */
function documentsOf(layout: Layout, root: Descriptor): readonly [Document, ...Document[]] {
  const open = (descriptor: Descriptor): Document => {
    const bytes = layout.readBlob(descriptor.digest);
    return { descriptor, bytes, parsed: parseManifest(descriptor.mediaType, bytes) };
  };
  const document = open(root);
  return [document, ...(document.parsed.kind === 'index' ? document.parsed.index.manifests.map(open) : [])];
}

function blobsOf(documents: readonly Document[]): ReadonlySet<Digest> {
  return new Set(
    documents.flatMap(({ parsed }) =>
      parsed.kind === 'image'
        ? [...parsed.manifest.layers, parsed.manifest.config].map(({ digest }) => digest)
        : [],
    ),
  );
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
  digest: Digest,
  { repository, mountFrom = [] }: PushTarget,
): Promise<'present' | 'mounted' | 'uploaded'> {
  if (await registry.hasBlob(repository, digest)) return 'present';
  for (const { repository: from, layers } of mountFrom)
    if (layers?.includes(digest) !== false && (await registry.mountBlob(repository, digest, from)))
      return 'mounted';
  await registry.writeBlob(repository, digest, layout.openBlob(digest));
  return 'uploaded';
}
