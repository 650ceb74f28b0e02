import { layerEntries } from './layers.ts';

export interface InstalledPackage {
  readonly name: string;
  /** The source package that advisories speak of. */
  readonly source: string;
  readonly version: string;
  readonly sourceVersion: string;
}

export interface OperatingSystem {
  readonly id: string;
  readonly version: string;
  readonly packages: readonly InstalledPackage[];
}

const WANTED =
  /^(etc\/os-release|usr\/lib\/os-release|var\/lib\/dpkg\/status|var\/lib\/dpkg\/status\.d\/[^/]+)$/;

/** What a scanner of operating system packages sees in an image; `undefined` when no system that it knows is in it. */
export async function operatingSystemOf(layers: readonly Buffer[]): Promise<OperatingSystem | undefined> {
  const files = await filesOf(layers, WANTED);
  const release = files.get('etc/os-release') ?? files.get('usr/lib/os-release');
  if (release === undefined) return undefined;
  const id = /^ID="?([^"\n]*)"?$/m.exec(release)?.[1] ?? '';
  const version = /^VERSION_ID="?([^"\n]*)"?$/m.exec(release)?.[1] ?? '';
  const status = [...files]
    .filter(([path]) => path.startsWith('var/lib/dpkg/status'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, text]) => text.split(/\n{2,}/));
  if (id !== 'debian' || status.length === 0) return undefined;
  return { id, version, packages: status.flatMap(packageOf) };
}

/** The last state of each wanted file: a later layer replaces or, by a whiteout, removes what an earlier one had. */
async function filesOf(layers: readonly Buffer[], wanted: RegExp): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const layer of layers) {
    const entries = await layerEntries(layer);
    for (const { path } of entries) {
      const [, folder = '', name = ''] = /^(.*\/)?\.wh\.([^/]+)$/.exec(path) ?? [];
      if (name === '') continue;
      const gone = name === '.wh..opq' ? folder : `${folder}${name}`;
      for (const file of files.keys()) {
        if (file === gone || file.startsWith(gone.endsWith('/') ? gone : `${gone}/`)) files.delete(file);
      }
    }
    for (const { path, header, content } of entries) {
      if (wanted.test(path) && header.type === 'file') files.set(path, content.toString());
    }
  }
  return files;
}

function packageOf(paragraph: string): readonly InstalledPackage[] {
  const field = (name: string) => new RegExp(`^${name}: *(.*)$`, 'm').exec(paragraph)?.[1]?.trim();
  const name = field('Package');
  const version = field('Version');
  if (name === undefined || version === undefined) return [];
  if (!(field('Status') ?? 'install ok installed').endsWith(' installed')) return [];
  const [, source = name, sourceVersion = version] =
    /^(\S+)(?: \(([^)]+)\))?$/.exec(field('Source') ?? name) ?? [];
  return [{ name, source, version, sourceVersion }];
}
