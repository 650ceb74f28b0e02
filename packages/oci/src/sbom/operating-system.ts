import type { Rootfs } from '../rootfs.ts';
import type { Component, OperatingSystem } from './component.ts';
import { purlOf } from './component.ts';
import { textOf } from './text-of.ts';

/** What os-release says ("os-release", freedesktop.org); `undefined` where the image has none. */
export function operatingSystem(files: Rootfs<Buffer>): OperatingSystem | undefined {
  const text = textOf(files, '/etc/os-release') ?? textOf(files, '/usr/lib/os-release');
  const member = (name: string) => new RegExp(`^${name}=["']?([^"'\\n]*)["']?$`, 'm').exec(text ?? '')?.[1];
  const id = member('ID');
  if (!id) return undefined;
  const version = member('VERSION_ID');
  return { id, ...(version ? { version } : {}) };
}

/** Packages of dpkg: from its status file, or from the folder with one file for each package that images without a package manager have. */
export function debianPackages(
  files: Rootfs<Buffer>,
  system: OperatingSystem | undefined,
): readonly Component[] {
  const single = files
    .below('/var/lib/dpkg/status.d')
    .flatMap(([path]) => (path.endsWith('.md5sums') ? [] : [path]));
  return ['/var/lib/dpkg/status', ...single].flatMap((location) =>
    paragraphs(textOf(files, location)).flatMap((paragraph): readonly Component[] => {
      const field = (name: string) => new RegExp(`^${name}: *(.*)$`, 'm').exec(paragraph)?.[1]?.trim();
      const [name, version] = [field('Package'), field('Version')];
      const installed = (field('Status') ?? 'install ok installed').endsWith(' installed');
      if (!name || !version || !installed) return [];
      const arch = field('Architecture');
      const purl = purlOf('deb', system?.id ?? 'debian', name, version, { arch, distro: distroOf(system) });
      return [{ kind: 'library', name, version, purl, location }];
    }),
  );
}

/** Packages of apk: one letter a field, `P` the name, `V` the version, `A` the architecture ("Apk spec", Alpine wiki). */
export function alpinePackages(
  files: Rootfs<Buffer>,
  system: OperatingSystem | undefined,
): readonly Component[] {
  return ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'].flatMap((location) =>
    paragraphs(textOf(files, location)).flatMap((paragraph): readonly Component[] => {
      const field = (letter: string) => new RegExp(`^${letter}:(.*)$`, 'm').exec(paragraph)?.[1]?.trim();
      const [name, version] = [field('P'), field('V')];
      if (!name || !version) return [];
      const purl = purlOf('apk', system?.id ?? 'alpine', name, version, {
        arch: field('A'),
        distro: distroOf(system),
      });
      return [{ kind: 'library', name, version, purl, location }];
    }),
  );
}

function distroOf(system: OperatingSystem | undefined): string | undefined {
  return system && [system.id, system.version].filter(Boolean).join('-');
}

function paragraphs(text: string | undefined): readonly string[] {
  return text?.split(/\n{2,}/) ?? [];
}
