import { code, folded, table } from '@tenant-delivery/action-kit/markdown';
import { type Digest, formatImage, type Image, shortDigests } from '@tenant-delivery/domain';
import type { InspectedChild } from '@tenant-delivery/findings/inspected-child';
import type { Built } from '@tenant-delivery/oci/builder';
import { parseManifest } from '@tenant-delivery/oci/manifest';
import type { PlatformImage } from '@tenant-delivery/oci/platforms';
import { inspectionTable, sayFindings } from '../report.ts';
import type { Tagged } from './name-image.ts';

/** What a build without a contract ended with. */
export interface BuiltAlone extends Built {
  readonly platforms: readonly PlatformImage[];
  readonly builder: string;
  /** All names in `tags`. */
  readonly names: readonly string[];
  /** Where it was pushed; nothing if it was not. */
  readonly image: Image | undefined;
  readonly tagged: readonly Tagged[];
  readonly loaded: boolean;
  /** Nothing if nobody waited for it. */
  readonly inspected: readonly InspectedChild[] | undefined;
}

export function headlineAlone({ image, root, loaded }: BuiltAlone): string {
  const into = loaded ? ', and loaded it into Docker' : '';
  return image === undefined
    ? `Built ${root.digest}${into}; nothing was pushed.`
    : `Built and pushed ${formatImage(image)}${into}.`;
}

export function summaryAlone(built: BuiltAlone): string {
  const { image, root, platforms, tagged, inspected } = built;
  const tags = table(
    ['tag', 'before'],
    tagged.map(({ tag, before }) => [code(tag), sayBefore(before, root.digest)]),
  );
  const made = table(
    ['platform', 'digest'],
    platforms.map(({ platform, digest }) => [code(platform), code(shortDigests(digest))]),
  );
  return folded(
    image === undefined ? 'Image: built, not pushed' : `Image of ${image.repositoryUri}: pushed`,
    inspected === undefined ? 'its inspection was not waited for' : sayFindings(inspected),
    ...(tagged.length > 0 ? [tags] : []),
    inspected === undefined ? made : inspectionTable(inspected),
    code(image === undefined ? root.digest : formatImage(image)),
  );
}

function sayBefore(before: Digest | undefined, now: Digest): string {
  if (before === undefined) return 'new';
  return before === now ? 'this image' : `moved from ${code(shortDigests(before))}`;
}

/** The digest of the configuration, which Docker calls the id of an image. Of several platforms there is none. */
export function imageId({ layout, root }: Built): Digest {
  const parsed = parseManifest(root.mediaType, layout.readBlob(root.digest));
  return parsed.kind === 'image' ? parsed.manifest.config.digest : root.digest;
}

/** The members of buildx's metadata file that later steps read. */
export function metadataOf(built: BuiltAlone): Readonly<Record<string, unknown>> {
  const { root, names, platforms } = built;
  return {
    ...(platforms.length === 1 && { 'containerimage.config.digest': imageId(built) }),
    'containerimage.descriptor': root,
    'containerimage.digest': root.digest,
    ...(names.length > 0 && { 'image.name': names.join(',') }),
  };
}
