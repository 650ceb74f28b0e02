import type { Rootfs } from '../rootfs.ts';
import type { Component } from './component.ts';
import { type Installed, installedIn } from './installed.ts';
import { realPath } from './text-of.ts';

/** A database that we do not read. If it is gone, nobody knows which packages are still there. */
export const UNREAD = /^\/(var\/lib|usr\/lib\/sysimage)\/rpm\/[^/]+$/;

/** What a package manager leaves behind when a package is removed and its settings are kept. */
const LEFT_BEHIND = /^\/(etc|var)\//;

/** Packages that the databases of some layer named, by their keys. */
export type Known = ReadonlyMap<string, Installed>;

/** What is known after one more layer: the newest entry for each package. */
export function learned(known: Known, files: Rootfs<Buffer>): Known {
  const now = new Map(known);
  for (const each of installedIn(files)) now.set(each.key, each);
  const rpm = files.below('/').find(([path]) => UNREAD.test(path))?.[0];
  if (rpm !== undefined) now.set('rpm', { component: packagesOfRpm(rpm), key: 'rpm', files: [] });
  return now;
}

/**
 * Packages whose files are in the image although no database names them any more, because a later layer removed the
 * database or the entry. No scanner finds their vulnerabilities. A package that its manager removed is not among them: its
 * files are gone, or belong to another package now.
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

/** The name of a package in a bill of materials. */
export function nameOf({ purl, name, version }: Component): string {
  return purl ?? `${name}@${version}`;
}

/** Whether a package of npm has files. Those of packages inside it do not count. */
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
