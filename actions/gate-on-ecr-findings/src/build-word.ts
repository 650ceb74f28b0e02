import type { InspectedChild } from '@tenant-delivery/findings/inspected-child';
import { withVanished } from '@tenant-delivery/findings/vanished';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';

/** Inspected children with the build's word on each: whether its packages are listed, and which of them vanished. */
export function toldByBuild(
  children: readonly InspectedChild[],
  { referrers = [], vanished = [] }: Partial<Pick<ImageRecord, 'referrers' | 'vanished'>>,
): readonly InspectedChild[] {
  return children.map((child) => {
    const sbom = referrers.some(({ kind, subject }) => kind === 'sbom' && subject === child.digest);
    const packages = vanished.find(({ subject }) => subject === child.digest)?.packages ?? [];
    return withVanished({ ...child, sbom }, packages);
  });
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
