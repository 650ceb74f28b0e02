import type { Rootfs } from '../rootfs.ts';
import { type Component, purlOf } from './component.ts';
import { textOf } from './text-of.ts';

/** Where pip and Debian keep a package's metadata ("Core metadata specifications", Python Packaging). */
export const PYTHON_METADATA =
  /\/(site|dist)-packages\/[^/]+(\.dist-info\/METADATA|\.egg-info(\/PKG-INFO)?)$/;

/** Installed packages of Python. A line in a requirements file is not an installed package. */
export function pythonPackages(files: Rootfs<Buffer>): readonly Component[] {
  return files.below('/').flatMap(([location]): readonly Component[] => {
    if (!PYTHON_METADATA.test(location)) return [];
    const [headers = ''] = textOf(files, location)?.split(/\r?\n\r?\n/, 1) ?? [];
    const field = (name: string) => new RegExp(`^${name}: *(.*)$`, 'm').exec(headers)?.[1]?.trim();
    const [name, version] = [field('Name'), field('Version')];
    if (!name || !version) return [];
    const purl = purlOf('pypi', undefined, name.toLowerCase().replaceAll(/[-_.]+/g, '-'), version);
    return [{ kind: 'library', name, version, purl, location }];
  });
}
