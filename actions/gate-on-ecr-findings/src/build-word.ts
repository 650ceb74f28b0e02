import type { Digest } from '@tenant-delivery/domain';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';

/** The packages of one platform that no database of it names any more, by the word of the build. */
export function vanishedIn(
  { vanished = [] }: Pick<ImageRecord, 'vanished'>,
  digest: Digest,
): readonly string[] {
  return vanished.find(({ subject }) => subject === digest)?.packages ?? [];
}

/**
 * What the build could not tell of packages that vanished. It compares what each layer of the image says; files that were
 * copied out of a base image without its layers have no layer that says what they are.
 */
export function whatBuildsCannotTell({
  vanished,
  base,
  layers,
}: Pick<ImageRecord, 'vanished' | 'base' | 'layers'>): readonly string[] {
  if (vanished === undefined)
    return [
      'The build did not look for packages whose files are in the image while no database names them; an older release made it.',
    ];
  return base.length > 0 && layers?.base.length === 0
    ? [
        `No layer of ${base.map(({ reference }) => reference).join(', ')} is in the image. Packages that were copied from there without their database are known to nobody.`,
      ]
    : [];
}
