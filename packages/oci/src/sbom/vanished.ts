import type { Rootfs } from '../rootfs.ts';
import type { Component } from './component.ts';
import { type Installed, installedIn } from './installed.ts';
import { realPath } from './text-of.ts';

/** A database that we do not read. If it is gone, nobody knows which packages are still there. */
export const UNREAD = /^\/(var\/lib|usr\/lib\/sysimage)\/rpm\/[^/]+$/;

/** What a package manager leaves behind when a package is removed and its settings are kept. */
const LEFT_BEHIND = /^\/(etc|var)\//;

/** Packages that some layer's databases had, by what tells them apart. */
export type Known = ReadonlyMap<string, Installed>;

/** What is known after one more layer: the newest fact about each package. */
export function learned(known: Known, files: Rootfs<Buffer>): Known {
  const now = new Map(known);
  for (const each of installedIn(files)) now.set(each.key, each);
  const rpm = files.below('/').find(([path]) => UNREAD.test(path))?.[0];
  if (rpm !== undefined) now.set('rpm', { component: packagesOfRpm(rpm), key: 'rpm', files: [] });
  return now;
}

/**
 * Packages that no database of the image has any more although their files are there, so that no scanner finds what is
 * wrong with them: a layer has taken away the database, or what it said. What a package manager removed has no files left,
 * or another package has them now.
 */
export function vanishedPackages(known: Known, files: Rootfs<Buffer>): readonly Component[] {
  const installed = installedIn(files);
  const present = new Set(installed.map(({ key }) => key));
  const owned = new Set(installed.flatMap((each) => each.files.map((path) => realPath(files, path))));
  const paths = files.below('/');
  const remains = (path: string): boolean => {
    if (LEFT_BEHIND.test(path)) return false;
    const real = realPath(files, path);
    const node = files.get(real);
    if (node?.kind === 'file') return !owned.has(real);
    return path.includes('/node_modules/') && holdsFiles(paths, real);
  };
  return [...known.values()]
    .filter(({ key }) => !present.has(key))
    .filter(({ key, files: own }) =>
      key === 'rpm' ? !paths.some(([path]) => UNREAD.test(path)) : own.some(remains),
    )
    .map(({ component }) => component)
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** As a bill of materials names it. */
export function nameOf({ purl, name, version }: Component): string {
  return purl ?? `${name}@${version}`;
}

/** For a package of npm: files of packages below it are not its own. */
function holdsFiles(paths: ReturnType<Rootfs<Buffer>['below']>, folder: string): boolean {
  return paths.some(
    ([path, { kind }]) =>
      kind === 'file' &&
      path.startsWith(`${folder}/`) &&
      !path.slice(folder.length).includes('/node_modules/'),
  );
}

function packagesOfRpm(location: string): Component {
  return { kind: 'library', name: 'the packages of rpm', version: '', location };
}
