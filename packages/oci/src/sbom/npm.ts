import { posix } from 'node:path';
import * as v from 'valibot';
import type { Rootfs } from '../rootfs.ts';
import { type Component, purlOf } from './component.ts';
import { textOf } from './text-of.ts';

/**
 * Packages of npm, yarn and pnpm. A package in a `node_modules` is installed. A lockfile counts only if there is no
 * `node_modules` beside it: then its packages may be in a bundle. Lockfiles inside of packages do not count.
 */
export function npmPackages(files: Rootfs<Buffer>): readonly Component[] {
  const paths = files.below('/').map(([path]) => path);
  const installed = paths.filter((path) => path.includes('/node_modules/') && path.endsWith('/package.json'));
  const filled = new Set(installed.map((path) => path.slice(0, path.indexOf('/node_modules/'))));
  const locks = paths.filter(
    (path) => !path.includes('/node_modules/') && !filled.has(posix.dirname(path).replace(/^\/$/, '')),
  );
  return [
    ...installed.flatMap((path) => fromPackageJson(files, path)),
    ...locks.flatMap((path) => {
      const read = READERS[posix.basename(path)];
      const text = read && textOf(files, path);
      return read && text !== undefined
        ? read(text).map(([name, version]) => component(name, version, path))
        : [];
    }),
  ];
}

type Locked = readonly (readonly [name: string, version: string])[];

const READERS: Readonly<Record<string, (text: string) => Locked>> = {
  'package-lock.json': packageLock,
  'npm-shrinkwrap.json': packageLock,
  'yarn.lock': yarnLock,
  'pnpm-lock.yaml': pnpmLock,
};

const packageJson = v.looseObject({ name: v.string(), version: v.string() });

/** A folder inside a package may have a package.json too. It is a package only if its name is that of its folder. */
function fromPackageJson(files: Rootfs<Buffer>, path: string): readonly Component[] {
  const read = v.safeParse(packageJson, json(textOf(files, path)));
  if (!read.success) return [];
  const { name, version } = read.output;
  return posix.dirname(path).endsWith(`/node_modules/${name}`) ? [component(name, version, path)] : [];
}

const lockFile = v.looseObject({
  packages: v.record(
    v.string(),
    v.looseObject({
      name: v.optional(v.string()),
      version: v.optional(v.string()),
      dev: v.optional(v.boolean()),
      link: v.optional(v.boolean()),
    }),
  ),
});

/** Lockfile versions 2 and 3 ("package-lock.json", npm documentation); what only development needs is left out. */
function packageLock(text: string): Locked {
  const read = v.safeParse(lockFile, json(text));
  if (!read.success) return [];
  return Object.entries(read.output.packages).flatMap(([path, { name, version, dev, link }]) => {
    const folder = path.split('node_modules/').at(-1);
    if (!path.includes('node_modules/') || !folder || !version || dev || link) return [];
    return [[name ?? folder, version] as const];
  });
}

/** Both forms of yarn: `name@range:` above `version "1"` (classic) or `version: 1` (berry). */
function yarnLock(text: string): Locked {
  return text.split(/\n{2,}/).flatMap((block) => {
    const name = /^"?((?:@[^/@\s"]+\/)?[^@\s"]+)@/m.exec(block.replace(/^#.*$/gm, '').trimStart())?.[1];
    const version = /^\s+version:? "?([^"\s]+)"?$/m.exec(block)?.[1];
    const workspace = /@workspace:/.test(block.split('\n', 1)[0] ?? '');
    return name && version && !workspace ? [[name, version] as const] : [];
  });
}

/** Keys of `packages`: `/name@1.0.0(peer)`, or without the slash since version 9. */
function pnpmLock(text: string): Locked {
  const [, section = ''] = /^packages:\n([\s\S]*?)(?=^\S|(?![\s\S]))/m.exec(text) ?? [];
  return [...section.matchAll(/^ {2}'?\/?((?:@[^/@\s]+\/)?[^@\s/'(]+)@([^('\s:]+)[^:\n]*:/gm)].map(
    ([, name = '', version = '']) => [name, version] as const,
  );
}

function component(fullName: string, version: string, location: string): Component {
  const [, group, name = fullName] = /^(@[^/]+)\/(.+)$/.exec(fullName) ?? [];
  const purl = purlOf('npm', group, name, version);
  return { kind: 'library', ...(group === undefined ? {} : { group }), name, version, purl, location };
}

function json(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined; // a file that is not JSON names no package
  }
}
