import type { ImageDetail } from '@aws-sdk/client-ecr';
import type { Digest } from '@tenant-delivery/domain';
import type { ImageChild } from '@tenant-delivery/findings/finding';
import type { StoredImage } from '@tenant-delivery/findings/ports';
import { required, translated } from '../errors/translate.ts';
import type { Ecr } from './ecr-client.ts';
import { childrenOf } from './image-children.ts';
import { MANIFESTS } from './manifests.ts';

const IMAGES = 100; // the most images that DescribeImages is asked about at once

interface NamedImage {
  readonly registryId: string;
  readonly repositoryName: string;
  readonly digest: Digest;
}

/**
 * An image as the registry holds it: when it was pushed, and the children that a task could run. A digest names the same
 * children for good, so where the caller knows them, no manifest is read.
 */
export async function storedImage(
  ecr: Ecr,
  { registryId, repositoryName, digest }: NamedImage,
  known?: readonly ImageChild[],
): Promise<StoredImage | 'absent'> {
  const pushes = async (digests: readonly Digest[]) => {
    const imageIds = digests.map((imageDigest) => ({ imageDigest }));
    const described = await translated(
      'ecr:DescribeImages',
      ecr.send((sdk) => new sdk.DescribeImagesCommand({ registryId, repositoryName, imageIds })),
      ['ImageNotFoundException'],
    );
    if (described === 'ImageNotFoundException') return 'absent';
    const pushOf = ({ imageDigest, imagePushedAt }: ImageDetail) =>
      [imageDigest, imagePushedAt?.getTime()] as const;
    return new Map((described.imageDetails ?? []).map(pushOf));
  };
  const read = async (imageDigest: Digest) => {
    const asked = { registryId, repositoryName, imageIds: [{ imageDigest }], acceptedMediaTypes: MANIFESTS };
    const sent = ecr.send((sdk) => new sdk.BatchGetImageCommand(asked));
    const { images } = await translated('ecr:BatchGetImage', sent);
    return images?.[0]?.imageManifest;
  };
  const reading: Promise<Pick<StoredImage, 'children' | 'attestations'>> = known
    ? Promise.resolve({ children: known })
    : childrenOf(read, digest);
  reading.catch(() => {}); // of an image that is absent nothing can be read
  const own = await pushes([digest]);
  if (own === 'absent') return 'absent';
  const pushedAt = required(own.get(digest), `imageDetails[].imagePushedAt of ${digest}`);
  const { children, attestations } = await reading;
  const others = children.map((child) => child.digest).filter((child) => child !== digest);
  // A child that another index brought earlier was inspected then, and not again.
  const parts = await Promise.all(
    Array.from({ length: Math.ceil(others.length / IMAGES) }, (_, part) =>
      pushes(others.slice(part * IMAGES, (part + 1) * IMAGES)),
    ),
  );
  const pushOf = (child: Digest) => {
    const found = parts.flatMap((part) => (part === 'absent' ? [] : (part.get(child) ?? [])))[0];
    return found === undefined ? {} : { pushedAt: found };
  };
  return {
    pushedAt,
    children: children.map((child) => ({ ...child, ...pushOf(child.digest) })),
    ...(attestations && { attestations }),
  };
}
