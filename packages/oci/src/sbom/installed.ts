import { posix } from 'node:path';
import type { Rootfs } from '../rootfs.ts';
import type { Component } from './component.ts';
import { npmPackages } from './npm.ts';
import { alpinePackages, debianPackages, operatingSystem } from './operating-system.ts';
import { pythonPackages } from './python.ts';
import { textOf } from './text-of.ts';

/** A package that a database of the image names, and the files that belong to it. */
export interface Installed {
  readonly component: Component;
  /** The same for every version of this package, and for no other package. */
  readonly key: string;
  /** Absolute paths. For a package of npm it is the package's folder. */
  readonly files: readonly string[];
}

/** What the databases of an image say is installed. A package that only a lockfile names is left out: it has no files. */
export function installedIn(files: Rootfs<Buffer>): readonly Installed[] {
  const system = operatingSystem(files);
  const lists = debianLists(files);
  return [
    ...debianPackages(files, system).map((component) => ({
      component,
      key: `deb ${component.name}`,
      files: lists.get(component.name) ?? [],
    })),
    ...withFiles(alpinePackages(files, system), 'apk', alpineLists(files)),
    ...npmPackages(files)
      .filter(({ location }) => location.endsWith('/package.json'))
      .map((component) => ({
        component,
        key: `npm ${component.location}`,
        files: [posix.dirname(component.location)],
      })),
    ...pythonPackages(files).map((component) => ({
      component,
      key: `pypi ${posix.dirname(posix.dirname(component.location))} ${component.name}`,
      files: pythonFiles(files, component),
    })),
  ];
}

function withFiles(
  components: readonly Component[],
  kind: string,
  lists: ReadonlyMap<string, readonly string[]>,
): readonly Installed[] {
  return components.map((component) => ({
    component,
    key: `${kind} ${component.name}`,
    files: lists.get(component.name) ?? [],
  }));
}

/** dpkg keeps a list of each package, `NAME.list` or `NAME:ARCH.list`; images without dpkg have sums of its files. */
function debianLists(files: Rootfs<Buffer>): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>();
  for (const [path] of files.below('/var/lib/dpkg/info')) {
    const name = /\/([^/:]+)(:[^/]+)?\.list$/.exec(path)?.[1];
    if (name !== undefined) lists.set(name, [...(lists.get(name) ?? []), ...linesOf(textOf(files, path))]);
  }
  for (const [path] of files.below('/var/lib/dpkg/status.d')) {
    const name = /\/([^/]+)\.md5sums$/.exec(path)?.[1];
    const sums = linesOf(textOf(files, path)).map((line) => `/${line.replace(/^[0-9a-f]{32}\s+\*?\/?/, '')}`);
    if (name !== undefined) lists.set(name, sums);
  }
  return lists;
}

/** In apk's database a line `F:` names a folder and each `R:` after it a file there ("Apk spec", Alpine wiki). */
function alpineLists(files: Rootfs<Buffer>): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, string[]>();
  for (const location of ['/lib/apk/db/installed', '/usr/lib/apk/db/installed']) {
    let [list, folder]: [string[], string] = [[], ''];
    for (const line of linesOf(textOf(files, location))) {
      const value = line.slice(2);
      if (line.startsWith('P:')) {
        list = lists.get(value) ?? [];
        lists.set(value, list);
      } else if (line.startsWith('F:')) folder = value;
      else if (line.startsWith('R:')) list.push(`/${folder}/${value}`.replaceAll('//', '/'));
    }
  }
  return lists;
}

/** "Recording installed projects", Python Packaging: paths from the folder of packages, before the first comma. */
function pythonFiles(files: Rootfs<Buffer>, { location }: Component): readonly string[] {
  const own = posix.dirname(location);
  return linesOf(textOf(files, `${own}/RECORD`)).flatMap((line) => {
    const path = /^(?:"([^"]+)"|([^,]+)),/.exec(line)?.slice(1).find(Boolean);
    return path === undefined ? [] : [posix.resolve(posix.dirname(own), path)];
  });
}

function linesOf(text: string | undefined): readonly string[] {
  return (text ?? '').split('\n').filter((line) => line !== '');
}
